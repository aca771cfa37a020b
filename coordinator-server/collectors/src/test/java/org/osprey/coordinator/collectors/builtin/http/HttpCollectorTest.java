package org.osprey.coordinator.collectors.builtin.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.osprey.coordinator.collectors.builtin.RecordingEmitter.attribute;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.collector.Collector;
import org.osprey.coordinator.collector.Event;
import org.osprey.coordinator.collector.Payload;
import org.osprey.coordinator.collectors.builtin.FakeContext;
import org.osprey.coordinator.collectors.builtin.RecordingEmitter;
import org.osprey.coordinator.collectors.builtin.StubServer;

class HttpCollectorTest {
  private final FakeContext context = new FakeContext("orders");
  private final RecordingEmitter emitter = new RecordingEmitter();
  private StubServer server;

  @BeforeEach
  void serve() throws Exception {
    server = StubServer.http();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aWholeAnswerIsAnEventWithItsNumbersUntouched() throws Exception {
    server.answer("/a", 200, "{\"n\": 12345678901234567890.1230,\n \"s\": \"ä\"}");
    try (Collector http = start("/a?key=secret", "", "")) {
      context.poll();
      Event event = emitter.take().getFirst();
      assertEquals("http.response", event.type());
      assertEquals("{\"n\":12345678901234567890.1230,\"s\":\"ä\"}", json(event));
      assertEquals("200", attribute(event, "status"));
      assertEquals(server.url("/a"), attribute(event, "url"));
      assertTrue(http.health().healthy());
    }
  }

  @Test
  void eachElementIsAnEventOnce() throws Exception {
    try (Collector http = start("/a", "/data/items", "/key")) {
      server.answer("/a", 200, "{\"data\":{\"items\":[{\"key\":1},{\"key\":2}]}}");
      context.poll();
      server.answer("/a", 200, "{\"data\":{\"items\":[{\"key\":2},{\"key\":3},{}]}}");
      context.poll();
      List<Event> events = emitter.take("http.item");
      assertEquals(
          List.of("{\"key\":1}", "{\"key\":2}", "{\"key\":3}", "{}"),
          events.stream().map(HttpCollectorTest::json).toList());
      assertEquals("1", attribute(events.getFirst(), "id"));
      assertTrue(http.health().healthy());
    }
  }

  @Test
  void whatDidNotChangeIsAskedForAndNotToldAgain() throws Exception {
    server.answer("/a", 200, "{}", Map.of("ETag", "\"v1\""));
    try (Collector http = start("/a", "", "")) {
      context.poll();
      server.answer("/a", 304, "");
      context.poll();
      assertEquals(List.of("http.response"), emitter.takeTypes());
      assertEquals(List.of("\"v1\""), server.takeRequests().getLast().ifNoneMatch());
      assertTrue(http.health().healthy());
    }
  }

  @Test
  void failuresAreToldOnceForEachReasonAndWhenTheyEnd() throws Exception {
    try (Collector http = start("/a", "/items", "")) {
      server.answer("/a", 503, "no");
      context.poll();
      context.poll();
      assertFailed("status 503");
      server.answer("/a", 200, "{\"items\":");
      context.poll();
      assertFailed("want JSON, got something else");
      server.answer("/a", 200, "{} {}");
      context.poll();
      assertEquals(List.of(), emitter.takeTypes());
      server.answer("/a", 200, "");
      context.poll();
      assertFailed("want JSON, got an empty answer");
      server.answer("/a", 200, "{\"items\":{}}");
      context.poll();
      assertFailed("want an array at /items of the answer");
      assertFalse(http.health().healthy());
      server.answer("/a", 200, "{\"items\":[]}");
      context.poll();
      Event event = emitter.take().getFirst();
      assertEquals("http.recovered", event.type());
      assertEquals("6", attribute(event, "failures"));
      assertTrue(http.health().healthy());
    }
  }

  @Test
  void anAnswerThatIsTooLongIsGivenUp() throws Exception {
    server.answer("/a", 200, "\"" + "x".repeat(2_000) + "\"");
    try (Collector http = start("/a", "", "")) {
      context.poll();
      assertFailed("the answer is longer than 1000 bytes");
      assertFalse(http.health().healthy());
    }
  }

  @Test
  void anAnswerThatNeverEndsIsGivenUp() throws Exception {
    server.stall("/a");
    HttpConfig impatient = config(server.url("/a"), "", "", Duration.ofMillis(200));
    try (Collector http = new HttpKind().create(impatient, context)) {
      http.start(emitter);
      context.poll();
      assertFailed("no answer within 200ms");
    }
  }

  @Test
  void nobodyThereIsAFailure() throws Exception {
    try (Collector http = start("/a", "", "")) {
      server.close();
      context.poll();
      assertFailed("cannot connect");
      assertFalse(http.health().healthy());
    }
  }

  @Test
  void redirectionsAreFollowedOnTheSameHostOnly() throws Exception {
    server.answer("/a", 302, "", Map.of("Location", "/b"));
    server.answer("/b", 200, "{}");
    try (Collector http = start("/a", "", "");
        StubServer other = StubServer.http()) {
      context.poll();
      assertEquals(List.of("http.response"), emitter.takeTypes());
      server.answer("/b", 307, "", Map.of("Location", other.url("/c")));
      context.poll();
      assertFailed("redirected to another host, which is not followed");
      assertEquals(List.of(), other.takeRequests());
      server.answer("/b", 308, "", Map.of("Location", "/a"));
      context.poll();
      assertFailed("redirected more than 5 times");
      assertFalse(http.health().healthy());
    }
  }

  @Test
  void headersAreSent() throws Exception {
    server.answer("/a", 200, "{}");
    try (Collector http = start("/a", "", "")) {
      context.poll();
      assertEquals(List.of("Bearer me"), server.takeRequests().getFirst().login());
      assertTrue(http.health().healthy());
    }
  }

  @Test
  void onlyTheLatestIdsAreRemembered() {
    RecentIds ids = new RecentIds(2);
    assertTrue(ids.add("a"));
    assertTrue(ids.add("b"));
    assertFalse(ids.add("a"));
    assertTrue(ids.add("c"));
    assertFalse(ids.add("a"));
    assertTrue(ids.add("b"));
  }

  @Test
  void refusalsNameTheKey() {
    for (String url : List.of("ftp://host/a", "https://user:pass@host/", "no url", "/path")) {
      assertThrows(
          IllegalArgumentException.class, () -> config(url, "", "", Duration.ofSeconds(1)), url);
    }
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> config("http://host/", "items", "id", Duration.ZERO));
    for (String key : List.of("items", "id", "timeout")) {
      assertTrue(String.valueOf(refused.getMessage()).contains(key + ": want"), refused.toString());
    }
    assertThrows(
        IllegalArgumentException.class, () -> new HttpKind().create(HttpConfig.DEFAULTS, context));
  }

  private Collector start(String path, String items, String id) throws Exception {
    Collector http =
        new HttpKind().create(config(server.url(path), items, id, Duration.ofSeconds(30)), context);
    http.start(emitter);
    return http;
  }

  private static HttpConfig config(String url, String items, String id, Duration timeout) {
    Map<String, String> headers = Map.of("Authorization", "Bearer me");
    return new HttpConfig(
        url, Duration.ofSeconds(30), headers, timeout, items, id, 100, 1_000, "", false);
  }

  private void assertFailed(String reason) {
    List<Event> events = emitter.take();
    assertEquals(1, events.size(), events.toString());
    assertEquals("http.failed", events.getFirst().type());
    assertEquals(reason, attribute(events.getFirst(), "reason"));
  }

  private static String json(Event event) {
    return new String(((Payload.Json) event.payload()).bytes(), UTF_8);
  }
}
