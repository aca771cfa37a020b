package org.osprey.coordinator.codec;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.IdGenerator;

/** Reads every form that brokers carry; the README lists them. Thread-safe. */
public final class ActionDecoder implements MessageDecoder {
  private static final int SHOWN_ENCODING = 40;

  private final IdGenerator ids;
  private final ActionNumbers numbers;

  /**
   * @param ids for messages without an id
   * @param numbers for messages in protobuf
   */
  public ActionDecoder(IdGenerator ids, ActionNumbers numbers) {
    this.ids = ids;
    this.numbers = numbers;
  }

  @Override
  public Action decode(byte[] data, Attributes attributes, Instant publishedAt)
      throws UndecodableException {
    String encoding = attributes.get("encoding");
    Instant notBefore = notBefore(attributes);
    if (encoding == null) {
      return action(envelope(data), publishedAt, notBefore);
    }
    if (encoding.equals("proto")) {
      return protoAction(data, publishedAt, notBefore);
    }
    throw new UndecodableException("encoding is " + shown(encoding) + ", want proto or none");
  }

  private static Envelope envelope(byte[] data) throws UndecodableException {
    return switch (MessageForm.of(data)) {
      case JSON_TEXT -> JsonEnvelope.read(data, 0, data.length);
      case MSGPACK_STRING -> MsgpackEnvelope.readString(data);
      case MSGPACK_MAP -> MsgpackEnvelope.readMap(data);
      case UNKNOWN ->
          throw new UndecodableException(
              data.length == 0
                  ? "is empty"
                  : "is neither JSON nor msgpack nor marked encoding=proto");
    };
  }

  private static @Nullable Instant notBefore(Attributes attributes) throws UndecodableException {
    String text = attributes.get("not-before");
    return text == null ? null : Times.parseNotBefore("not-before", text);
  }

  private Action action(Envelope envelope, Instant publishedAt, @Nullable Instant notBefore) {
    return new Action(
        idOrNew(envelope.id()),
        envelope.name(),
        Action.Encoding.JSON,
        envelope.data(),
        envelope.secret(),
        envelope.sentAt() == null ? publishedAt : envelope.sentAt(),
        notBefore == null ? envelope.notBefore() : notBefore);
  }

  private Action protoAction(byte[] data, Instant publishedAt, @Nullable Instant notBefore)
      throws UndecodableException {
    ProtoEnvelope envelope = ProtoEnvelope.read(data, numbers);
    long id = idOrNew(envelope.id());
    return new Action(
        id, envelope.name(), Action.Encoding.PROTO, data, null, publishedAt, notBefore);
  }

  private long idOrNew(long id) {
    return id == Envelope.NO_ID ? ids.next() : id;
  }

  /** Anyone may set a header, so what is shown of it stays short and on one line. */
  private static String shown(String encoding) {
    String start = encoding.substring(0, Math.min(encoding.length(), SHOWN_ENCODING));
    return "'" + start.replaceAll("[^\\x21-\\x7e]", "?") + "'";
  }
}
