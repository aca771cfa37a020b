package org.osprey.coordinator.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.osprey.coordinator.codec.Decoding.PUBLISHED_AT;
import static org.osprey.coordinator.codec.Decoding.assertAction;
import static org.osprey.coordinator.codec.Decoding.decode;
import static org.osprey.coordinator.codec.Decoding.refusal;
import static org.osprey.coordinator.codec.Decoding.secret;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.core.Action;

class JsonEnvelopeTest {

  @Test
  void plain() throws UndecodableException {
    Action action =
        decode(
            """
            {"id":"18446744073709551615","name":"user_login","data":{"user":"é"},"secret_data":{"ip":1}}""");
    assertAction(action, "18446744073709551615", "user_login", "{\"user\":\"é\"}");
    assertEquals("{\"ip\":1}", secret(action));
    assertEquals(PUBLISHED_AT, action.timestamp());
  }

  @Test
  void payloadKeepsEveryByte() throws UndecodableException {
    String data = "{ \"a\" :\t1.00,\n\"a\":[ {}, \"\\u00e9\\/é😀\" ], \"b\":1e400 }";
    String secret = "{  }";
    for (String blanks : new String[] {"", " ", "\r\n\t "}) {
      String message = "@{@\"secret_data\"@:@SECRET@,@\"name\":\"n\",\"data\"@:@DATA@}@";
      Action action =
          decode(message.replace("@", blanks).replace("SECRET", secret).replace("DATA", data));
      assertAction(action, "7", "n", data);
      assertEquals(secret, secret(action));
    }
  }

  @Test
  void timed() throws UndecodableException {
    Action action =
        decode(
            """
            {"send_time": "2024-02-29T23:59:59.123456789+01:00",
             "data": {"action_id": "9223372036854775808", "action_name": "user_login",
                      "data": {"data": 1}, "secret_data": {"s": 2}}}""");
    assertAction(action, "9223372036854775808", "user_login", "{\"data\": 1}");
    assertEquals("{\"s\": 2}", secret(action));
    assertEquals(Instant.parse("2024-02-29T22:59:59.123456789Z"), action.timestamp());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\"send_time\":null,", "\"sent\":\"2024-02-29T00:00:00Z\","})
  void timedWithoutTime(String sendTime) throws UndecodableException {
    Action action = decode("{" + sendTime + "\"data\":{\"action_name\":\"n\",\"data\":{}}}");
    assertAction(action, "7", "n", "{}");
    assertEquals(PUBLISHED_AT, action.timestamp());
  }

  @Test
  void plainEvenIfTheDataLooksLikeTheOther() throws UndecodableException {
    String data = "{\"action_name\":\"inner\",\"action_id\":[],\"data\":0,\"secret_data\":0}";
    Action action =
        decode(
            "{\"data\":" + data + ",\"name\":\"outer\",\"id\":5,\"send_time\":\"not looked at\"}");
    assertAction(action, "5", "outer", data);
    assertEquals("none", secret(action));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "12345, 12345",
        "18446744073709551615, 18446744073709551615",
        "\"18446744073709551615\", 18446744073709551615",
        "\"9223372036854775807\", 9223372036854775807",
        "\"00012\", 12",
        "1, 1",
        "0, 7",
        "\"0\", 7",
        "\"\", 7",
        "null, 7"
      })
  void ids(String json, String id) throws UndecodableException {
    assertAction(decode("{\"id\":" + json + ",\"name\":\"n\",\"data\":{}}"), id, "n", "{}");
    assertAction(
        decode("{\"data\":{\"action_id\":" + json + ",\"action_name\":\"n\",\"data\":{}}}"),
        id,
        "n",
        "{}");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "18446744073709551616, is not an unsigned 64-bit integer",
        "\"18446744073709551616\", is not an unsigned 64-bit integer",
        "99999999999999999999, is not an unsigned 64-bit integer",
        "\"000000000000000000001\", is not an unsigned 64-bit integer",
        "-1, is not an unsigned 64-bit integer",
        "-0, is not an unsigned 64-bit integer",
        "\"-1\", is not an unsigned 64-bit integer",
        "\"+1\", is not an unsigned 64-bit integer",
        "\" 1\", is not an unsigned 64-bit integer",
        "\"abc\", is not an unsigned 64-bit integer",
        "\"٣\", is not an unsigned 64-bit integer",
        "\"0x1\", is not an unsigned 64-bit integer",
        "1.0, is of type fraction",
        "1e3, is of type fraction",
        "true, is of type boolean",
        "[1], is of type array",
        "{}, is of type object",
      })
  void badIds(String json, String problem) {
    String plain = refusal("{\"id\":" + json + ",\"name\":\"n\",\"data\":{}}");
    assertTrue(plain.startsWith("id " + problem), plain);
    String timed =
        refusal("{\"data\":{\"action_id\":" + json + ",\"action_name\":\"n\",\"data\":{}}}");
    assertTrue(timed.startsWith("data.action_id " + problem), timed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                           | name is missing",
        "{\"data\":{}}                                | name is missing",
        "{\"name\":\"n\"}                             | data is missing",
        "{\"name\":null,\"data\":{}}                  | name is of type null, want a string",
        "{\"name\":1,\"data\":{}}                     | name is of type number, want a string",
        "{\"name\":{},\"data\":{}}                    | name is of type object, want a string",
        "{\"name\":\"\",\"data\":{}}                  | name has 0 characters, want 1 to 256",
        "{\"name\":\"a\\nb\",\"data\":{}}             | name has a control character",
        "{\"name\":\"\\ud800\",\"data\":{}}           | name is not valid Unicode",
        "{\"name\":\"n\",\"data\":null}               | data is of type null, want an object",
        "{\"name\":\"n\",\"data\":[]}                 | data is of type array, want an object",
        "{\"name\":\"n\",\"data\":\"{}\"}             | data is of type string, want an object",
        "{\"name\":\"n\",\"data\":1.5}                | data is of type fraction, want an object",
        "{\"name\":\"n\",\"data\":{},\"secret_data\":0} | secret_data is of type number, want an object",
        "{\"data\":{\"action_name\":\"\"}}            | data.action_name has 0 characters, want 1 to 256",
        "{\"data\":{\"action_name\":null}}            | data.action_name is of type null, want a string",
        "{\"data\":{\"action_name\":\"n\"}}           | data.data is missing",
        "{\"data\":{\"action_name\":\"n\",\"data\":7}} | data.data is of type number, want an object",
        "{\"data\":{\"action_id\":1,\"data\":{}}}     | name is missing",
        "{\"data\":{\"action_name\":\"n\",\"data\":{},\"secret_data\":[]}} | data.secret_data is of type array, want an object",
        "{\"data\":{\"action_name\":\"n\",\"data\":{}},\"send_time\":5}    | send_time is of type number, want a string",
        "{\"name\":\"n\",\"data\":{                   | is JSON that is cut short at byte 20",
        "{\"name\":\"n\",\"data\":{}} {}              | has more than one value at byte",
        "{\"name\":\"\\q\",\"data\":{}}               | is not valid JSON, first error at byte",
        "   x                                         | is neither JSON nor msgpack nor marked encoding=proto",
      })
  void bad(String json, String problem) {
    String refusal = refusal(json.strip());
    assertTrue(refusal.startsWith(problem), refusal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "now",
        "1700000000",
        "2024-02-30T00:00:00Z",
        "2024-02-29",
        "2024-02-29T00:00:00",
        "2024-02-29T25:00:00Z"
      })
  void badTimes(String time) {
    assertEquals(
        "send_time is not an RFC 3339 time such as 2026-11-21T10:15:30Z", refusal(timedAt(time)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0000-12-31T23:59:59Z", "-0001-01-01T00:00:00Z", "+10000-01-01T00:00:00Z"})
  void timesThatProtobufCannotHold(String time) {
    assertEquals("send_time is out of range, want the years 1 to 9999", refusal(timedAt(time)));
  }

  @ParameterizedTest
  @CsvSource({
    "2024-02-29T00:00:00Z, 2024-02-29T00:00:00Z",
    "2024-02-29t00:00:00z, 2024-02-29T00:00:00Z",
    "2024-02-29T00:00:00.5-07:30, 2024-02-29T07:30:00.5Z",
    "2024-02-29T00:00:00.123456+00:00, 2024-02-29T00:00:00.123456Z",
    "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999999Z, 9999-12-31T23:59:59.999999999Z"
  })
  void times(String text, Instant time) throws UndecodableException {
    assertEquals(time, decode(timedAt(text)).timestamp());
  }

  private static String timedAt(String time) {
    return "{\"send_time\":\"" + time + "\",\"data\":{\"action_name\":\"n\",\"data\":{}}}";
  }

  @Test
  void nameLength() throws UndecodableException {
    String longest = "n".repeat(256);
    assertEquals(longest, decode("{\"name\":\"" + longest + "\",\"data\":{}}").name());
    assertEquals(
        "name has 257 characters, want 1 to 256",
        refusal("{\"name\":\"n" + longest + "\",\"data\":{}}"));
  }

  @Test
  void lastOfDuplicateKeysCounts() throws UndecodableException {
    assertAction(
        decode("{\"name\":1,\"name\":\"n\",\"data\":[],\"data\":{\"a\":1},\"id\":1,\"id\":2}"),
        "2",
        "n",
        "{\"a\":1}");
    assertEquals(
        "name is missing",
        refusal("{\"data\":{\"action_name\":\"n\",\"data\":{}},\"data\":{\"x\":1}}"));
  }

  @Test
  void escapedKeysCount() throws UndecodableException {
    assertAction(decode("{\"n\\u0061me\":\"n\",\"\\u0064ata\":{}}"), "7", "n", "{}");
  }

  @Test
  void unknownKeysDoNot() throws UndecodableException {
    assertAction(
        decode("{\"x\":{\"name\":1},\"y\":[{\"data\":2}],\"name\":\"n\",\"data\":{},\"z\":null}"),
        "7",
        "n",
        "{}");
  }

  @Test
  void nothingAtAll() {
    assertEquals("is empty", refusal(""));
    assertEquals("is neither JSON nor msgpack nor marked encoding=proto", refusal("   "));
    assertEquals("is neither JSON nor msgpack nor marked encoding=proto", refusal("[]"));
    assertEquals("is neither JSON nor msgpack nor marked encoding=proto", refusal("\ufeff{}"));
  }

  @Test
  void unknownKeysAreCheckedToo() {
    byte[] message = "{\"name\":\"n\",\"data\":{},\"x\":\"@\"}".getBytes(UTF_8);
    message[28] = (byte) 0xff;
    assertEquals("is not valid UTF-8 at byte 28", refusal(message));
    assertTrue(
        refusal("{\"name\":\"n\",\"data\":{},\"x\":" + "[".repeat(600))
            .startsWith("is nested deeper than 500"));
  }
}
