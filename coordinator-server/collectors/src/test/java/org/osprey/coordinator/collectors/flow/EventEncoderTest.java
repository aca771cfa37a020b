package org.osprey.coordinator.collectors.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.collector.Event;
import org.osprey.coordinator.collector.Payload;
import org.osprey.coordinator.collector.Severity;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

final class EventEncoderTest {
  private static final Instant TIME = Instant.parse("2026-11-22T03:56:24.123456789Z");

  private final EventEncoder encoder = new EventEncoder("dns", 36);
  private long seq = 9;

  private JsonNode encode(
      String type, Instant time, Map<String, String> attributes, Payload payload) {
    byte[] json =
        encoder.encode(new Event(type, Severity.WARNING, time, attributes, payload), ++seq);
    return new ObjectMapper().readTree(json);
  }

  @Test
  void anEventHasAllItsParts() {
    byte[] payload = "{\"a\":[1,2]}".getBytes(UTF_8);
    JsonNode event = encode("dns.changed", TIME, Map.of("k", "v"), Payload.json(payload));
    assertEquals("dns-10-10", event.get("id").asString());
    assertEquals("dns", event.get("collector").asString());
    assertEquals("dns.changed", event.get("type").asString());
    assertEquals("warning", event.get("severity").asString());
    assertEquals(TIME.toString(), event.get("timestamp").asString());
    assertEquals("v", event.get("attributes").get("k").asString());
    assertEquals(2, event.get("payload").get("a").get(1).asInt());
    assertEquals(7, event.size());
  }

  @Test
  void withoutPayloadThereIsNoSuchField() {
    assertFalse(encode("t", TIME, Map.of(), Payload.NONE).has("payload"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "plain",
        "\"quoted\" \\ and / slashed",
        "line\nbreak\r\ttab\b\f\u0000\u001f\u007f",
        "späße",
        "\u07ff\u0800\uffff",
        "漢字",
        "\uD83D\uDE00 smile",
        "ascii first, then ü and \" again"
      })
  void everyTextArrivesAsItWas(String text) {
    JsonNode event = encode("t" + text, TIME, Map.of("k" + text, text), Payload.text(text));
    assertEquals("t" + text, event.get("type").asString());
    assertEquals(text, event.get("attributes").get("k" + text).asString());
    assertEquals(text, event.get("payload").asString());
  }

  @Test
  void halfOfASurrogatePairIsAQuestionMark() {
    assertEquals(
        "a?b", encode("t", TIME, Map.of(), Payload.text("a\uD83Db")).get("payload").asString());
  }

  @Test
  void aTextLongerThanTheBufferArrives() {
    String text = "ü".repeat(100_000);
    assertEquals(text, encode("t", TIME, Map.of(), Payload.text(text)).get("payload").asString());
    assertEquals("x", encode("t", TIME, Map.of(), Payload.text("x")).get("payload").asString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-22T03:56:24Z",
        "2026-11-22T03:56:24.100Z",
        "2026-11-22T03:56:24.000001Z",
        "2026-11-22T03:56:24.000000001Z",
        "1969-12-31T23:59:59.999Z",
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "+12026-01-01T00:00:00Z",
        "-0001-01-01T00:00:00Z"
      })
  void timestampsAreWrittenAsInstantsAre(String time) {
    JsonNode first = encode("t", Instant.parse(time), Map.of(), Payload.NONE);
    JsonNode again = encode("t", Instant.parse(time), Map.of(), Payload.NONE);
    assertEquals(time, first.get("timestamp").asString());
    assertEquals(time, again.get("timestamp").asString());
  }

  @Test
  void idsGoOnBeyondEveryNumberOfDigits() {
    for (long next : new long[] {1, 9, 10, 99, 100, 999_999_999_999L, Long.MAX_VALUE}) {
      seq = next - 1;
      JsonNode event = encode("t", TIME, Map.of(), Payload.NONE);
      assertEquals(Encoded.id("dns", 36, next), event.get("id").asString());
    }
  }
}
