package org.osprey.coordinator.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Action;

class CallerActionsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:15:30.5Z");

  @Test
  void whatIsThereIsTakenAsItIs() throws UndecodableException {
    Action action =
        read(
            """
            {"id":"18446744073709551615","name":"a","data":{ "action_name" : 1.0 },
             "secret_data":{"s":1},"timestamp":"2001-02-03T04:05:06+01:00","not_before":1000}
            """);
    Decoding.assertAction(action, "18446744073709551615", "a", "{ \"action_name\" : 1.0 }");
    assertEquals("{\"s\":1}", Decoding.secret(action));
    assertEquals(Instant.parse("2001-02-03T03:05:06Z"), action.timestamp());
    assertEquals(Instant.ofEpochSecond(1), action.notBefore());
  }

  @Test
  void whatIsMissingIsMade() throws UndecodableException {
    Action action = read("{\"id\":null,\"name\":\"a\",\"data\":{},\"timestamp\":null}");
    Decoding.assertAction(action, "7", "a", "{}");
    assertEquals("none", Decoding.secret(action));
    assertEquals(NOW, action.timestamp());
    assertEquals(null, action.notBefore());
    Decoding.assertAction(read("{\"id\":\"0\",\"name\":\"a\",\"data\":{}}"), "7", "a", "{}");
  }

  @Test
  void ofAFieldThatComesTwiceTheLastCounts() throws UndecodableException {
    Decoding.assertAction(
        read("{\"name\":\"a\",\"data\":{},\"name\":\"b\",\"data\":{\"c\":1}}"),
        "7",
        "b",
        "{\"c\":1}");
  }

  @Test
  void fieldsOfOtherFormsAreUnknown() {
    assertEquals(
        "'send_time' is no field of an action, want id, name, data, secret_data, timestamp or"
            + " not_before",
        refusal("{\"send_time\":\"x\",\"data\":{\"action_name\":\"a\",\"data\":{}}}"));
    assertEquals("name is missing", refusal("{\"data\":{\"action_name\":\"a\",\"data\":{}}}"));
  }

  @Test
  void anUnknownFieldIsShownInPart() {
    String shown = refusal("{\"%s\\n\":1}".formatted("x".repeat(100)));
    assertEquals("'" + "x".repeat(40) + "'", shown.substring(0, 42));
    assertEquals("'a?b'", refusal("{\"a\\nb\":1}").substring(0, 5));
  }

  private static Action read(String body) throws UndecodableException {
    return CallerActions.read(body.getBytes(UTF_8), () -> Decoding.GENERATED_ID, NOW);
  }

  private static String refusal(String body) {
    return String.valueOf(assertThrows(UndecodableException.class, () -> read(body)).getMessage());
  }
}
