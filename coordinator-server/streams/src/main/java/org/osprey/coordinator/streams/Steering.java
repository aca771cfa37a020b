package org.osprey.coordinator.streams;

import static org.osprey.coordinator.proto.streams.v1.Result.RESULT_INVALID;

import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.proto.streams.v1.HeartbeatCommand;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.OrchestratorConfigDto;
import org.osprey.coordinator.proto.streams.v1.RegisterCommand;
import org.osprey.coordinator.proto.streams.v1.StartCommand;
import org.osprey.coordinator.proto.streams.v1.SubscriptionCommand;
import org.osprey.coordinator.proto.streams.v1.UnregisterCommand;

/** Carries commands out at a stream that is there. */
final class Steering {
  private static final int MAX_TEXT = 256;

  private Steering() {}

  static Answer apply(ScheduledStream stream, OrchestratorCommand command, long now) {
    return switch (command.getCommandCase()) {
      case START -> start(stream, command.getStart(), now);
      case STOP -> stream.stop(now);
      case PAUSE -> stream.pause(now);
      case RESUME -> stream.resume(now);
      case FORCE_SCENE -> stream.forceScene(command.getForceScene().getSceneName(), now);
      case SKIP_SCENE -> stream.skipScene(now);
      case UPDATE_STREAM_STATUS ->
          command.getUpdateStreamStatus().getTimecode().length() > MAX_TEXT
              ? tooLong("timecode")
              : stream.updateStatus(command.getUpdateStreamStatus(), now);
      case RECONFIGURE -> reconfigure(stream, command.getReconfigure().getConfig(), now);
      case INSPECT -> Answer.OK;
      case COMMAND_NOT_SET -> noCommand();
    };
  }

  private static Answer start(ScheduledStream stream, StartCommand start, long now) {
    if (!start.hasConfig()) {
      return stream.start(null, now);
    }
    try {
      return stream.start(StreamConfig.of(start.getConfig()), now);
    } catch (InvalidConfigException e) {
      return Answer.of(RESULT_INVALID, String.valueOf(e.getMessage()));
    }
  }

  private static Answer reconfigure(
      ScheduledStream stream, OrchestratorConfigDto config, long now) {
    try {
      return stream.reconfigure(StreamConfig.of(config), now);
    } catch (InvalidConfigException e) {
      return Answer.of(RESULT_INVALID, String.valueOf(e.getMessage()));
    }
  }

  static Answer apply(ScheduledStream stream, SubscriptionCommand command, long now) {
    return switch (command.getCommandCase()) {
      case REGISTER -> register(stream, command.getRegister(), now);
      case UNREGISTER -> unregister(stream, command.getUnregister(), now);
      case HEARTBEAT -> heartbeat(stream, command.getHeartbeat(), now);
      case COMMAND_NOT_SET -> noCommand();
    };
  }

  private static Answer register(ScheduledStream stream, RegisterCommand register, long now) {
    Answer bad = check(register.getClientId(), register.getSourceAddr());
    if (bad == null) {
      stream.audience().register(register.getClientId(), register.getSourceAddr(), now);
    }
    return bad == null ? Answer.OK : bad;
  }

  private static Answer unregister(ScheduledStream stream, UnregisterCommand unregister, long now) {
    Answer bad = check(unregister.getClientId(), unregister.getSourceAddr());
    if (bad == null) {
      stream
          .audience()
          .unregister(
              unregister.getClientId(),
              unregister.hasSourceAddr() ? unregister.getSourceAddr() : null,
              now);
    }
    return bad == null ? Answer.OK : bad;
  }

  private static Answer heartbeat(ScheduledStream stream, HeartbeatCommand heartbeat, long now) {
    Answer bad = check(heartbeat.getClientId(), heartbeat.getSourceAddr());
    if (bad == null) {
      stream
          .audience()
          .heartbeat(
              heartbeat.getClientId(),
              heartbeat.hasSourceAddr() ? heartbeat.getSourceAddr() : null,
              now);
    }
    return bad == null ? Answer.OK : bad;
  }

  private static @Nullable Answer check(String clientId, String sourceAddr) {
    if (clientId.isEmpty()) {
      return Answer.of(RESULT_INVALID, "client_id: is empty, want a name of the client");
    }
    if (clientId.length() > MAX_TEXT) {
      return tooLong("client_id");
    }
    return sourceAddr.length() > MAX_TEXT ? tooLong("source_addr") : null;
  }

  private static Answer tooLong(String field) {
    return Answer.of(RESULT_INVALID, "%s: want at most %d characters".formatted(field, MAX_TEXT));
  }

  private static Answer noCommand() {
    return Answer.of(RESULT_INVALID, "command: is not set, or is none that is known");
  }
}
