package org.osprey.coordinator.pubsub;

import com.google.auth.Retryable;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** Says in the words of our settings what the service complains about. */
final class Troubles {
  private final PubsubSettings settings;
  private final Credentials credentials;

  Troubles(PubsubSettings settings, Credentials credentials) {
    this.settings = settings;
    this.credentials = credentials;
  }

  /** Whether the library gives up on a stream that ended so; it goes on trying after all others. */
  static boolean isFatal(Status end) {
    return switch (end.getCode()) {
      case OK, DEADLINE_EXCEEDED, INTERNAL, CANCELLED, RESOURCE_EXHAUSTED, ABORTED, UNKNOWN ->
          false;
      case UNAVAILABLE ->
          String.valueOf(end.getDescription()).contains("Server shutdownNow invoked");
      case NOT_FOUND,
          PERMISSION_DENIED,
          UNAUTHENTICATED,
          INVALID_ARGUMENT,
          FAILED_PRECONDITION,
          ALREADY_EXISTS,
          OUT_OF_RANGE,
          UNIMPLEMENTED,
          DATA_LOSS ->
          true;
    };
  }

  /**
   * @return words that stay the same as long as the trouble does
   */
  String explain(Status end) {
    if (isAboutCredentials(end.getCause())) {
      return credentials.setting() + ": no token for them";
    }
    return switch (end.getCode()) {
      case NOT_FOUND -> subscription() + ": no such subscription at " + service();
      case PERMISSION_DENIED -> credentials.setting() + ": not allowed to read " + subscription();
      case UNAUTHENTICATED -> credentials.setting() + ": not accepted by " + service();
      case INVALID_ARGUMENT, FAILED_PRECONDITION ->
          subscription() + ": " + end.getCode() + " " + end.getDescription();
      case OK,
          CANCELLED,
          UNKNOWN,
          DEADLINE_EXCEEDED,
          ALREADY_EXISTS,
          RESOURCE_EXHAUSTED,
          ABORTED,
          OUT_OF_RANGE,
          UNIMPLEMENTED,
          INTERNAL,
          UNAVAILABLE,
          DATA_LOSS ->
          subscription() + ": no stream from " + service() + ", " + end.getCode();
    };
  }

  /** When there is no stream and nobody has said why. */
  String noStream() {
    return subscription() + ": no stream from " + service();
  }

  /** All failures to get a token are of this kind, and nothing else is. */
  private static boolean isAboutCredentials(@Nullable Throwable cause) {
    for (Throwable next = cause; next != null; next = next.getCause()) {
      if (next instanceof Retryable) {
        return true;
      }
    }
    return false;
  }

  private String subscription() {
    return "pubsub.subscription=%s of pubsub.project=%s"
        .formatted(settings.subscription(), settings.project());
  }

  private String service() {
    String emulator = settings.emulatorHost();
    return emulator == null ? "Pub/Sub" : "pubsub.emulatorHost=" + emulator;
  }
}
