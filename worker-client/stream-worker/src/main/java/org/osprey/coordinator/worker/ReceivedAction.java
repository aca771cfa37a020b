package org.osprey.coordinator.worker;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import java.time.Instant;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorAction;

/**
 * An action as a coordinator handed it over.
 *
 * @param id unsigned: print it with {@link #idText}
 * @param secret a JSON object that belongs in no log
 */
public record ReceivedAction(
    long id, String name, Payload payload, ByteString secret, Instant timestamp) {

  private static final ByteString EMPTY_OBJECT = ByteString.copyFromUtf8("{}");

  /** The bytes as the source gave them; the coordinator does not re-encode them. */
  public sealed interface Payload {
    ByteString bytes();

    /** A JSON object in UTF-8. */
    record Json(ByteString bytes) implements Payload {}

    /** An encoded {@code osprey.rpc.actions.v1.Action}. */
    record Proto(ByteString bytes) implements Payload {}
  }

  public String idText() {
    return Long.toUnsignedString(id);
  }

  /** Leaves payload and secret out, so that an action may be logged. */
  @Override
  public String toString() {
    return "ReceivedAction[id=" + idText() + ", name=" + name + "]";
  }

  static ReceivedAction of(OspreyCoordinatorAction message) {
    return new ReceivedAction(
        message.getActionId(),
        message.getActionName(),
        payload(message),
        message.hasJsonSecretData() ? message.getJsonSecretData() : EMPTY_OBJECT,
        instant(message.getTimestamp()));
  }

  private static Payload payload(OspreyCoordinatorAction message) {
    return switch (message.getActionDataCase()) {
      case JSON_ACTION_DATA -> new Payload.Json(message.getJsonActionData());
      case PROTO_ACTION_DATA -> new Payload.Proto(message.getProtoActionData());
      case ACTIONDATA_NOT_SET ->
          throw new IllegalArgumentException("expected a JSON or protobuf payload, got neither");
    };
  }

  private static Instant instant(Timestamp timestamp) {
    return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
  }
}
