package org.osprey.coordinator.codec;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.osprey.coordinator.codec.Decoding.PUBLISHED_AT;
import static org.osprey.coordinator.codec.Decoding.assertAction;
import static org.osprey.coordinator.codec.Decoding.decode;
import static org.osprey.coordinator.codec.Decoding.refusal;
import static org.osprey.coordinator.codec.Decoding.secret;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.osprey.coordinator.core.Action;

class MsgpackEnvelopeTest {
  /** A map of three in which name and id are said and the value of data follows. */
  private static final String UP_TO_DATA = "83 a46e616d65 a16e a26964 05 a464617461 ";

  @Test
  void goldenBytes() throws UndecodableException {
    byte[] message =
        hex(
            """
            84
              a2 6964          cf ffffffffffffffff
              a4 6e616d65      aa 757365725f6c6f67696e
              a4 64617461      87
                a1 61            c0
                a1 62            92 c2 c3
                a1 63            d3 8000000000000000
                a1 64            cf ffffffffffffffff
                a1 65            ca 3fc00000
                a1 66            cb 3fb999999999999a
                a1 67            d9 09 22 5c 0a 01 c3a9 e282ac
              ab 7365637265745f64617461  80
            """);
    Action action = decode(message);
    assertAction(
        action,
        "18446744073709551615",
        "user_login",
        "{\"a\":null,\"b\":[false,true],\"c\":-9223372036854775808,\"d\":18446744073709551615,"
            + "\"e\":1.5,\"f\":0.1,\"g\":\"\\\"\\\\\\n\\u0001é€\"}");
    assertEquals("{}", secret(action));
    assertEquals(PUBLISHED_AT, action.timestamp());
    assertDoesNotThrow(() -> JsonObjects.check(action.payload()));
  }

  @Test
  void packedMap() throws UndecodableException {
    byte[] message =
        packed(
            packer -> {
              packer.packMapHeader(4);
              packer.packString("name").packString("n".repeat(40));
              packer.packString("id").packString("9223372036854775808");
              packer.packString("data").packMapHeader(1);
              packer.packString("k").packBigInteger(BigInteger.ONE.shiftLeft(63));
              packer.packString("secret_data").packNil();
            });
    Action action = decode(message);
    assertAction(action, "9223372036854775808", "n".repeat(40), "{\"k\":9223372036854775808}");
    assertEquals("none", secret(action));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 40, 300, 70_000})
  void stringThatIsJson(int padding) throws UndecodableException {
    String data = "{\"pad\":\"" + "é".repeat(padding) + "\"}";
    String json = "{\"name\":\"n\",\"data\":" + data + ",\"secret_data\":{\"s\": 1}}";
    Action action = decode(packed(packer -> packer.packString(json)));
    assertAction(action, "7", "n", data);
    assertEquals("{\"s\": 1}", secret(action));
  }

  @Test
  void shortestString() throws UndecodableException {
    String json = "{\"name\":\"n\",\"data\":{}}";
    assertAction(decode(packed(packer -> packer.packString(json))), "7", "n", "{}");
    assertEquals((byte) (0xa0 | json.length()), packed(packer -> packer.packString(json))[0]);
  }

  @Test
  void stringThatIsTimedJson() throws UndecodableException {
    String json =
        "{\"send_time\":\"2024-02-29T00:00:00Z\",\"data\":{\"action_name\":\"n\",\"data\":{}}}";
    Action action = decode(packed(packer -> packer.packString(json)));
    assertEquals("2024-02-29T00:00:00Z", action.timestamp().toString());
  }

  @ParameterizedTest
  @CsvSource({
    "05, 5",
    "00, 7",
    "c0, 7",
    "a0, 7",
    "a130, 7",
    "cc ff, 255",
    "d3 7fffffffffffffff, 9223372036854775807",
    "cf 8000000000000000, 9223372036854775808",
    "b4 3138343436373434303733373039353531363135, 18446744073709551615"
  })
  void ids(String id, String text) throws UndecodableException {
    assertAction(decode(hex("83 a26964" + id + "a46e616d65 a16e a464617461 80")), text, "n", "{}");
  }

  @ParameterizedTest
  @CsvSource({
    "ff, id is not an unsigned 64-bit integer",
    "d3 8000000000000000, id is not an unsigned 64-bit integer",
    "a22d31, id is not an unsigned 64-bit integer",
    "ca 3f800000, 'id is of type float, want'",
    "c3, 'id is of type boolean, want'",
    "90, 'id is of type array, want'",
    "c4 01 31, 'id is of type binary, want'"
  })
  void badIds(String id, String problem) {
    assertRefused(problem, hex("83 a26964" + id + "a46e616d65 a16e a464617461 80"));
  }

  @ParameterizedTest
  @CsvSource({
    "80, name is missing",
    "81 a464617461 80, name is missing",
    "81 a46e616d65 a16e, data is missing",
    "82 a46e616d65 a0 a464617461 80, 'name has 0 characters, want 1 to 256'",
    "82 a46e616d65 c0 a464617461 80, 'name is of type nil, want a string'",
    "82 a46e616d65 a10a a464617461 80, name has a control character",
    "82 a46e616d65 a1ff a464617461 80, is not valid UTF-8 at byte 7",
    "82 a46e616d65 a16e a464617461 90, 'data is of type array, want a map'",
    "82 a46e616d65 a16e a464617461 c0, 'data is of type nil, want a map'",
    "82 a46e616d65 a16e a464617461 a27b7d, 'data is of type string, want a map'",
    "82 a46e616d65 a16e a464617461 c4027b7d, 'data is of type binary, want a map'",
    "82 a46e616d65 a16e a464617461 80 c0, has more than one value at byte 14",
    "83 a46e616d65 a16e a464617461 80, is msgpack that is cut short at byte 1",
    "df ffffffff, is not valid msgpack at byte",
    "df 7fffffff, is msgpack that is cut short at byte 5",
    "de 00, is msgpack that is cut short at byte",
    "de, is msgpack that is cut short at byte",
    "a2 7b, is msgpack that is cut short at byte 1",
    "db 7fffffff 7b7d, is msgpack that is cut short at byte 5",
    "db ffffffff 7b7d, is not valid msgpack at byte",
    "a2 7b7d c0, has more than one value at byte 3",
    "a0, 'is empty, want a JSON object'",
    "a1 31, 'is a JSON number, want an object'",
    "a2 7b7d, name is missing",
    "a3 7bff7d, is not valid UTF-8 at byte 2",
    "c1, is neither JSON nor msgpack nor marked encoding=proto",
    "91 80, is neither JSON nor msgpack nor marked encoding=proto",
  })
  void bad(String message, String problem) {
    assertRefused(problem, hex(message));
  }

  @ParameterizedTest
  @CsvSource({
    "81 a16b c4 01 00, 'has a value of type binary at byte 20, which has no form in JSON'",
    "81 a16b d6 ff 00000000, 'has a value of type extension at byte 20, which has no form in JSON'",
    "81 a16b ca 7fc00000, has NaN or Infinity at byte 20",
    "81 a16b cb fff0000000000000, has NaN or Infinity at byte 20",
    "81 05 05, 'has a value of type integer at byte 18, which is no key for JSON'",
    "81 c0 05, 'has a value of type nil at byte 18, which is no key for JSON'",
    "81 a1ff 05, is not valid UTF-8 at byte 19",
    "81 a16b a2c3ff, is not valid UTF-8 at byte 21",
    "81 a16b c1, is not valid msgpack at byte",
    "81 a16b 92 01, is msgpack that is cut short",
    "81 a16b dd 7fffffff, is msgpack that is cut short",
    "81 a16b dd ffffffff, is not valid msgpack",
    "81 a16b db 7fffffff, is msgpack that is cut short",
    "81 a16b cf 00, is msgpack that is cut short",
    "81, is msgpack that is cut short",
  })
  void badData(String data, String problem) {
    assertRefused(problem, hex(UP_TO_DATA + data));
  }

  @Test
  void depth() throws UndecodableException {
    Action action = decode(hex(UP_TO_DATA + "81a16b".repeat(499) + "80"));
    assertDoesNotThrow(() -> JsonObjects.check(action.payload()));
    assertRefused(
        "is nested deeper than 500 at byte 15", hex(UP_TO_DATA + "81a16b".repeat(500) + "80"));
    assertRefused(
        "is nested deeper than 500 at byte 5", hex(UP_TO_DATA + "81a16b" + "91".repeat(500_000)));
  }

  @Test
  void unknownKeysAreSkippedWhateverTheyHold() throws UndecodableException {
    String deep = "91".repeat(100_000) + "c0";
    byte[] message =
        hex(
            "88"
                + "a16b c4020001"
                + "a16b d6ff00000000"
                + "a16b cb7ff0000000000000"
                + "05 82 c0 a2ffff 01 9203cfffffffffffffffff"
                + ("a16b" + deep)
                + "a16b c3"
                + "a46e616d65 a16e a464617461 80");
    assertAction(decode(message), "7", "n", "{}");
  }

  @Test
  void lyingHeadersOfUnknownKeys() {
    assertRefused(
        "is msgpack that is cut short", hex("81 a16b dd7fffffff" + "dd7fffffff".repeat(9)));
    assertRefused("is msgpack that is cut short", hex("81 a16b c9 7fffffff 00"));
    assertRefused("is not valid msgpack", hex("81 a16b c9 ffffffff 00"));
    assertRefused("is msgpack that is cut short", hex("81 a16b c6 7fffffff 00"));
    assertRefused("is not valid msgpack", hex("81 a16b c1"));
  }

  @Test
  void lastOfDuplicateKeysCounts() throws UndecodableException {
    assertAction(
        decode(hex("84 a46e616d65 a16d a46e616d65 a16e a464617461 81a16b01 a464617461 80")),
        "7",
        "n",
        "{}");
  }

  @Test
  void longKeys() throws UndecodableException {
    String longest = "da 1000" + "6b".repeat(4096);
    decode(hex(UP_TO_DATA + "81" + longest + "c0"));
    String longer = "da 1001" + "6b".repeat(4097);
    assertRefused("has a key longer than 4096 at byte 41", hex(UP_TO_DATA + "81" + longer + "c0"));
  }

  @Test
  void jsonMayNotGrowWithoutBounds() {
    byte[] start = hex("82 a46e616d65 a16e a464617461 81 a16b dd 00e00000");
    byte[] message = Arrays.copyOf(start, start.length + 0xe00000);
    Arrays.fill(message, start.length, message.length, (byte) 0xc2);
    assertRefused("has more than 16777216 bytes as JSON", message);
  }

  @Test
  void size() {
    byte[] message = new byte[(16 << 20) + 1];
    message[0] = (byte) 0x80;
    assertEquals("has 16777217 bytes, want at most 16777216", refusal(message));
  }

  private interface Packing {
    void to(MessageBufferPacker packer) throws IOException;
  }

  private static byte[] packed(Packing packing) {
    try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
      packing.to(packer);
      return packer.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertRefused(String problem, byte[] message) {
    String refusal = refusal(message);
    assertTrue(refusal.startsWith(problem), refusal);
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
  }
}
