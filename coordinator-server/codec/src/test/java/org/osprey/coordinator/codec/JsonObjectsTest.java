package org.osprey.coordinator.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.Charset;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectsTest {

  static Stream<String> good() {
    return Stream.of(
        "{}",
        " \t\r\n{ } \n",
        "{\"a\":1,\"a\":2}",
        "{\"a\":[{},[],null,true,false,-0,0.5e-10,1e999,\"\"]}",
        "{\"é😀\":\"\\u0000\\ud83d\\ude00\\ud800\\/\"}",
        "{\"\":{\"\":\"\"}}",
        "{\"deep\":" + "[".repeat(499) + "]".repeat(499) + "}",
        "{\"number\":" + "9".repeat(1000) + "}",
        "{\"" + "k".repeat(4096) + "\":0}",
        "{\"string\":\"" + "s".repeat(1 << 20) + "\"}");
  }

  @ParameterizedTest
  @MethodSource
  void good(String json) {
    assertDoesNotThrow(() -> JsonObjects.check(json.getBytes(UTF_8)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``                    | is empty, want a JSON object",
        "` `                   | is blank, want a JSON object",
        "[1]                   | is a JSON array, want an object",
        "\"x\"                 | is a JSON string, want an object",
        "17                    | is a JSON number, want an object",
        "1.5                   | is a JSON number, want an object",
        "true                  | is a JSON boolean, want an object",
        "null                  | is a JSON null, want an object",
        "{}{}                  | has more than one value at byte 3",
        "{} 1                  | has more than one value at byte",
        "{},                   | is not valid JSON, first error at byte 3",
        "{                     | is JSON that is cut short at byte 1",
        "{\"a\":               | is JSON that is cut short at byte 5",
        "{\"a\":[1             | is JSON that is cut short at byte",
        "{\"a\":\"b            | is JSON that is cut short at byte 7",
        "{\"a\":tru            | is not valid JSON, first error at byte",
        "{\"a\":NaN}           | is not valid JSON, first error at byte",
        "{\"a\":Infinity}      | is not valid JSON, first error at byte",
        "{\"a\":-Infinity}     | is not valid JSON, first error at byte",
        "{\"a\":01}            | is not valid JSON, first error at byte",
        "{\"a\":+1}            | is not valid JSON, first error at byte",
        "{\"a\":.5}            | is not valid JSON, first error at byte",
        "{\"a\":5.}            | is not valid JSON, first error at byte",
        "{\"a\":1e}            | is not valid JSON, first error at byte",
        "{\"a\":0x1}           | is not valid JSON, first error at byte",
        "{\"a\":1x}            | is not valid JSON, first error at byte",
        "{\"a\":\"\\x\"}       | is not valid JSON, first error at byte",
        "{\"a\":\"\\u12g4\"}   | is not valid JSON, first error at byte",
        "{\"a\":1,}            | is not valid JSON, first error at byte",
        "{,}                   | is not valid JSON, first error at byte",
        "{\"a\" 1}             | is not valid JSON, first error at byte",
        "{a:1}                 | is not valid JSON, first error at byte",
        "{'a':1}               | is not valid JSON, first error at byte",
        "{\"a\":[1}            | is not valid JSON, first error at byte",
        "{\"a\":1}/* c */      | is not valid JSON, first error at byte",
        "{\"a\":1 # c}         | is not valid JSON, first error at byte",
      })
  void bad(String json, String problem) {
    assertStartsWith(problem, refusal(json.getBytes(UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":\"\u0000\"}", "{\"a\":\u0000}", "\u0000{}", "{}\u0000", "{\"a\":\"\n\"}",
        "{\"\t\":1}", "\u001e{}", "\ufeff{}", "\u00a0{}", "{}\u2028"
      })
  void charactersThatJsonForbids(String json) {
    assertStartsWith("is not valid JSON, first error at byte", refusal(json.getBytes(UTF_8)));
  }

  static Stream<Charset> otherEncodings() {
    return Stream.of(UTF_16BE, UTF_16LE, Charset.forName("UTF-32BE"), Charset.forName("UTF-32LE"));
  }

  @ParameterizedTest
  @MethodSource
  void otherEncodings(Charset charset) {
    refusal("{\"a\":\"b\"}".getBytes(charset));
    refusal("  {\"a\":\"b\"}".getBytes(charset));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u00ff", // never in UTF-8
        "\u0080", // a tail without a head
        "\u00c3", // a head without a tail
        "\u00c0\u00af", // overlong
        "\u00e0\u0080\u00af", // overlong
        "\u00ed\u00a0\u0080", // a surrogate
        "\u00f4\u0090\u0080\u0080" // behind the last character
      })
  void brokenUtf8(String bytes) {
    byte[] inValue = ("{\"a\":\"" + bytes + "\"}").getBytes(ISO_8859_1);
    assertEquals("is not valid UTF-8 at byte 6", refusal(inValue));
    byte[] inKey = ("{\"" + bytes + "\":1}").getBytes(ISO_8859_1);
    assertEquals("is not valid UTF-8 at byte 2", refusal(inKey));
    byte[] farIn = ("{\"a\":\"" + "x".repeat(5000) + bytes + "\"}").getBytes(ISO_8859_1);
    assertEquals("is not valid UTF-8 at byte 5006", refusal(farIn));
  }

  @Test
  void depth() {
    String arrays = "{\"a\":" + "[".repeat(500) + "]".repeat(500) + "}";
    assertStartsWith("is nested deeper than 500 at byte 50", refusal(arrays.getBytes(UTF_8)));
    String objects = "{\"a\":".repeat(501) + "1" + "}".repeat(501);
    assertStartsWith("is nested deeper than 500 at byte 25", refusal(objects.getBytes(UTF_8)));
    assertStartsWith(
        "is nested deeper than 500", refusal("{\"a\":".repeat(1_000_000).getBytes(UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "0.", "1e", "1.5E-"})
  void longNumbers(String start) {
    String number = start + "1".repeat(1001);
    for (String json : new String[] {"{\"a\":" + number + "}", "{\"a\":[" + number + "]}"}) {
      assertStartsWith("has a number longer than 1000", refusal(json.getBytes(UTF_8)));
    }
  }

  @Test
  void longNumbersFarDown() {
    String json = "{\"a\":" + "[".repeat(499) + "1".repeat(1001);
    assertStartsWith("has a number longer than 1000", refusal(json.getBytes(UTF_8)));
  }

  @Test
  void longKeys() {
    String key = "k".repeat(5000);
    assertStartsWith(
        "has a number longer than 1000 or a key longer than 4096",
        refusal(("{\"" + key + "\":0}").getBytes(UTF_8)));
    assertStartsWith(
        "has a number longer than 1000 or a key longer than 4096",
        refusal(("{\"\\n" + key + "\":0}").getBytes(UTF_8)));
  }

  @Test
  void size() {
    byte[] json = new byte[(16 << 20) + 1];
    assertEquals("has 16777217 bytes, want at most 16777216", refusal(json));
  }

  @Test
  void neverTellsContents() {
    for (String json :
        new String[] {
          "{\"a\":hunter2}",
          "{\"a\":\"hunter2",
          "{\"hunter2\":}",
          "{\"a\":1hunter2}",
          "{}hunter2",
          "{\"a\":\"hunter2\u0001\"}",
          "{\"a\":\"\\hunter2\"}",
          "hunter2",
          "{hunter2"
        }) {
      UndecodableException e =
          assertThrows(
              UndecodableException.class, () -> JsonObjects.check(json.getBytes(UTF_8)), json);
      assertFalse(String.valueOf(e.getMessage()).contains("hunter"), e.getMessage());
      assertNull(e.getCause(), "a cause would be logged along");
    }
  }

  private static String refusal(byte[] json) {
    UndecodableException e =
        assertThrows(UndecodableException.class, () -> JsonObjects.check(json));
    return String.valueOf(e.getMessage());
  }

  private static void assertStartsWith(String start, String text) {
    assertEquals(start, text.substring(0, Math.min(start.length(), text.length())), text);
  }
}
