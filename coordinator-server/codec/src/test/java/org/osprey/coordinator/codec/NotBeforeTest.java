package org.osprey.coordinator.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.osprey.coordinator.core.CountingIds;

class NotBeforeTest {
  private static final String PLAIN = "{\"name\":\"n\",\"data\":{}%s}";
  private static final String TIMED = "{\"data\":{\"action_name\":\"n\",\"data\":{}}%s}";
  private static final Instant TIME = Instant.parse("2026-11-21T10:15:30.250Z");

  @Test
  void mostMessagesDoNotSay() throws Exception {
    assertNull(notBefore(PLAIN.formatted(""), null));
    assertNull(notBefore(PLAIN.formatted(",\"not_before\":null"), null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2026-11-21T10:15:30.250Z", "2026-11-21T11:15:30.25+01:00", "1795256130250"})
  void anAttributeSaysIt(String text) throws Exception {
    assertEquals(TIME, notBefore(PLAIN.formatted(""), text));
    assertEquals(TIME, notBefore(TIMED.formatted(""), text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"2026-11-21T10:15:30.250Z\"", "\"1795256130250\"", "1795256130250"})
  void aFieldSaysIt(String json) throws Exception {
    String field = ",\"not_before\":" + json;
    assertEquals(TIME, notBefore(PLAIN.formatted(field), null));
    assertEquals(TIME, notBefore(TIMED.formatted(field), null));
  }

  @Test
  void theAttributeIsTheLastWord() throws Exception {
    assertEquals(TIME, notBefore(PLAIN.formatted(",\"not_before\":5"), "1795256130250"));
  }

  @Test
  void msgpackSaysIt() throws Exception {
    assertEquals(TIME, decode(packed(TIME.toString()), null));
    assertEquals(TIME, decode(packed(TIME.toEpochMilli()), null));
    assertNull(decode(packed(null), null));
    assertThrows(UndecodableException.class, () -> decode(packed(true), null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-1", "1.5", "123456789012345", "+12026-01-01T00:00:00Z"})
  void nonsenseIsRefusedByName(String text) {
    UndecodableException refused =
        assertThrows(UndecodableException.class, () -> notBefore(PLAIN.formatted(""), text));
    assertTrue(String.valueOf(refused.getMessage()).startsWith("not-before "), refused::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "{}", "1.5", "\"soon\""})
  void aFieldOfNonsenseIsRefusedByName(String json) {
    String message = PLAIN.formatted(",\"not_before\":" + json);
    UndecodableException refused =
        assertThrows(UndecodableException.class, () -> notBefore(message, null));
    assertTrue(String.valueOf(refused.getMessage()).startsWith("not_before "), refused::toString);
  }

  private static @Nullable Instant notBefore(String message, @Nullable String attribute)
      throws UndecodableException {
    return decode(message.getBytes(UTF_8), attribute);
  }

  private static @Nullable Instant decode(byte[] message, @Nullable String attribute)
      throws UndecodableException {
    Map<String, String> attributes = attribute == null ? Map.of() : Map.of("not-before", attribute);
    return new ActionDecoder(new CountingIds(), ActionNumbers.BUILT_IN)
        .decode(message, attributes::get, Instant.EPOCH)
        .notBefore();
  }

  private static byte[] packed(@Nullable Object notBefore) throws IOException {
    try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
      packer.packMapHeader(3).packString("name").packString("n").packString("data");
      packer.packMapHeader(0).packString("not_before");
      switch (notBefore) {
        case null -> packer.packNil();
        case String text -> packer.packString(text);
        case Long millis -> packer.packLong(millis);
        default -> packer.packBoolean(true);
      }
      return packer.toByteArray();
    }
  }
}
