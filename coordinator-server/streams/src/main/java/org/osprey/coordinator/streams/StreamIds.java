package org.osprey.coordinator.streams;

import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.SubscriptionCommand;

/**
 * The names of streams. They are parts of subjects and paths, so most characters are not for them.
 */
public final class StreamIds {
  private static final int LONGEST = 64;

  private StreamIds() {}

  public static boolean isValid(String streamId) {
    if (streamId.isEmpty() || streamId.length() > LONGEST) {
      return false;
    }
    for (int i = 0; i < streamId.length(); i++) {
      if (!isAllowed(streamId.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAllowed(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }

  /**
   * What is wrong with an id, naming the field; null for nothing. The id itself is not repeated.
   */
  public static @Nullable String problem(String streamId) {
    if (isValid(streamId)) {
      return null;
    }
    int length = streamId.length();
    String got =
        length == 0
            ? "got none"
            : length > LONGEST ? "got %d".formatted(length) : "got another character";
    return "stream_id must be 1 to %d characters out of A-Z a-z 0-9 _ -, %s"
        .formatted(LONGEST, got);
  }

  /** Which stream a command is for; empty when it does not say. */
  public static String of(OrchestratorCommand command) {
    return switch (command.getCommandCase()) {
      case START -> command.getStart().getStreamId();
      case STOP -> command.getStop().getStreamId();
      case PAUSE -> command.getPause().getStreamId();
      case RESUME -> command.getResume().getStreamId();
      case FORCE_SCENE -> command.getForceScene().getStreamId();
      case SKIP_SCENE -> command.getSkipScene().getStreamId();
      case UPDATE_STREAM_STATUS -> command.getUpdateStreamStatus().getStreamId();
      case RECONFIGURE -> command.getReconfigure().getStreamId();
      case INSPECT -> command.getInspect().getStreamId();
      case COMMAND_NOT_SET -> "";
    };
  }

  /** Which stream a command is for; empty when it does not say. */
  public static String of(SubscriptionCommand command) {
    return switch (command.getCommandCase()) {
      case REGISTER -> command.getRegister().getStreamId();
      case UNREGISTER -> command.getUnregister().getStreamId();
      case HEARTBEAT -> command.getHeartbeat().getStreamId();
      case COMMAND_NOT_SET -> "";
    };
  }
}
