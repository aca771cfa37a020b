package org.osprey.coordinator.nats;

import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Says in the words of our settings what JetStream complains about. */
final class NatsTroubles {
  static final int NO_CONSUMER = 10014;
  static final int NO_STREAM = 10059;
  static final int MESSAGE_TOO_LARGE = 10054;
  private static final int NOT_ENABLED = 10076;
  private static final int NOT_ENABLED_FOR_ACCOUNT = 10039;
  private static final int WRONG_STREAM = 10060;

  private final NatsConnection connection;
  private final String stream;

  /**
   * @param stream the setting that names the stream, or the subject whose stream is meant, with its
   *     value
   */
  NatsTroubles(NatsConnection connection, String stream) {
    this.connection = connection;
    this.stream = stream;
  }

  /**
   * @return null for a failure that no setting and no server explains
   */
  @Nullable String known(Throwable failure) {
    String known =
        switch (failure) {
          case TroubleException e -> String.valueOf(e.getMessage());
          case JetStreamApiException e -> api(e);
          case TimeoutException e -> noAnswer();
          case CancellationException e -> noAnswer();
          case IllegalStateException e -> noAnswer();
          case IOException e when isNoResponders(e) -> noResponders();
          case IOException e -> noAnswer();
          default -> null;
        };
    Throwable cause = failure.getCause();
    return known != null || cause == null ? known : known(cause);
  }

  /** Says something for every failure. */
  String explain(Throwable failure) {
    String known = known(failure);
    return known != null ? known : stream + ": " + failure.getClass().getSimpleName();
  }

  /** The error of this kind in the chain of causes, or null. */
  static @Nullable JetStreamApiException apiError(@Nullable Throwable failure) {
    return switch (failure) {
      case null -> null;
      case JetStreamApiException e -> e;
      default -> apiError(failure.getCause());
    };
  }

  private String api(JetStreamApiException failure) {
    return switch (failure.getApiErrorCode()) {
      case NO_STREAM -> stream + ": no such stream at " + connection.servers();
      case NOT_ENABLED, NOT_ENABLED_FOR_ACCOUNT -> notEnabled();
      case WRONG_STREAM -> stream + ": another stream takes its subject";
      default -> stream + ": " + failure.getErrorDescription();
    };
  }

  private String noAnswer() {
    String complaint = connection.serverError();
    return stream
        + " at "
        + connection.servers()
        + ": no answer in time"
        + (complaint == null ? "" : ", the server said: " + complaint);
  }

  private String noResponders() {
    return stream + ": no stream takes it at " + connection.servers() + ", or JetStream is off";
  }

  private String notEnabled() {
    return connection.servers() + ": JetStream is not enabled there for this login";
  }

  private static boolean isNoResponders(IOException failure) {
    return failure.getMessage() != null && failure.getMessage().contains("503");
  }
}
