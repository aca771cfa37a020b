package org.osprey.coordinator.codec;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.IdGenerator;

/**
 * Reads the plain JSON form where somebody waits for the answer and can mend what is wrong: a field
 * that is not known is an error, and {@code timestamp} says when it happened.
 */
public final class CallerActions {
  private CallerActions() {}

  /**
   * @param ids for an action without an id
   * @param now the timestamp of an action without one
   * @throws UndecodableException naming the field that is wrong
   */
  public static Action read(byte[] body, IdGenerator ids, Instant now) throws UndecodableException {
    Envelope envelope = JsonEnvelope.readStrict(body);
    Instant sentAt = envelope.sentAt();
    return new Action(
        envelope.id() == Envelope.NO_ID ? ids.next() : envelope.id(),
        envelope.name(),
        Action.Encoding.JSON,
        envelope.data(),
        envelope.secret(),
        sentAt == null ? now : sentAt,
        envelope.notBefore());
  }

  /** What is wrong with a field that is not known; anyone may send it, so it is cut short. */
  static UndecodableException unknown(@Nullable String field) {
    String text = String.valueOf(field);
    String start = text.substring(0, Math.min(text.length(), 40));
    return new UndecodableException(
        "'%s' is no field of an action, want id, name, data, secret_data, timestamp or not_before"
            .formatted(start.replaceAll("[^\\x20-\\x7e]", "?")));
  }
}
