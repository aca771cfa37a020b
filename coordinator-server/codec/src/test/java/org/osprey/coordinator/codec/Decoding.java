package org.osprey.coordinator.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Action;

/** Decodes messages that were all published at one time, with ids that are generated as 7. */
final class Decoding {
  static final Instant PUBLISHED_AT = Instant.parse("2026-11-21T10:15:30Z");
  static final long GENERATED_ID = 7;

  private static final ActionDecoder DECODER =
      new ActionDecoder(() -> GENERATED_ID, ActionNumbers.BUILT_IN);

  private Decoding() {}

  static Action decode(byte[] message) throws UndecodableException {
    return decode(message, null);
  }

  static Action decode(byte[] message, @Nullable String encoding) throws UndecodableException {
    return DECODER.decode(message, encoded(encoding), PUBLISHED_AT);
  }

  /** The attributes of a message that has at most this one. */
  static MessageDecoder.Attributes encoded(@Nullable String encoding) {
    return name -> name.equals("encoding") ? encoding : null;
  }

  static Action decode(String message) throws UndecodableException {
    return decode(message.getBytes(UTF_8));
  }

  static String refusal(String message) {
    return refusal(message.getBytes(UTF_8));
  }

  static String refusal(byte[] message) {
    return refusal(message, null);
  }

  static String refusal(byte[] message, @Nullable String encoding) {
    UndecodableException e =
        assertThrows(UndecodableException.class, () -> decode(message, encoding));
    return String.valueOf(e.getMessage());
  }

  static void assertAction(Action action, String idText, String name, String payload) {
    assertEquals(idText, action.idText());
    assertEquals(name, action.name());
    assertEquals(Action.Encoding.JSON, action.encoding());
    assertEquals(payload, new String(action.payload(), UTF_8));
  }

  /** The secret as text, "none" if there is none. */
  static String secret(Action action) {
    byte @Nullable [] secret = action.secret();
    return secret == null ? "none" : new String(secret, UTF_8);
  }
}
