package org.osprey.coordinator.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Count;
import org.osprey.coordinator.core.InMemoryOrigin;
import org.osprey.coordinator.core.Lease;
import org.osprey.coordinator.core.Submissions.RefusedException;
import org.osprey.coordinator.core.Submissions.RefusedException.Reason;

/** One action in one request. */
class ActionRoutesTest {
  private static final String JSON = "application/json";
  private static final int ROOM = 3;

  private final ActionServer server = ActionServer.start(new InMemoryOrigin(), ROOM);

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void verdictsComeBack() {
    server.withWorker();
    HttpResponse<String> answer =
        server.post("", JSON, "{\"id\":\"18446744073709551615\",\"name\":\"login\",\"data\":{}}");
    assertEquals(200, answer.statusCode());
    assertEquals(
        "{\"id\":\"18446744073709551615\",\"name\":\"login\","
            + "\"verdicts\":[\"verdict_for_18446744073709551615\"],"
            + "\"timestamp\":\"2026-11-21T10:15:31Z\"}",
        answer.body());
    assertEquals(JSON, answer.headers().firstValue("Content-Type").orElse(""));
    assertEquals(1, server.dispatcher().stats().count(Count.SYNC_ACKED));
  }

  @Test
  void theWorkerGetsWhatWasSent() {
    server.withWorker();
    String data = "{ \"text\":\"zwölf \\u0000\", \"n\":1.50 }";
    server.post(
        "?mode=sync&timeout=10s",
        JSON + "; charset=utf-8",
        "{\"name\":\"a\",\"data\":%s,\"secret_data\":{\"s\":1},\"timestamp\":\"2020-01-02T03:04:05+01:00\"}"
            .formatted(data));
    server.post("", JSON, "{\"name\":\"b\",\"data\":{},\"secret_data\":null}");
    Action first = server.seen().getFirst();
    assertEquals("1", first.idText());
    assertEquals(data, new String(first.payload(), UTF_8));
    assertEquals("{\"s\":1}", new String(first.secret(), UTF_8));
    assertEquals(Instant.parse("2020-01-02T02:04:05Z"), first.timestamp());
    Action second = server.seen().getLast();
    assertEquals("2", second.idText());
    assertEquals(ActionServer.NOW, second.timestamp());
    assertEquals(null, second.secret());
  }

  @Test
  void anAckWithoutVerdictsIsAnEmptyList() {
    server.withWorker();
    HttpResponse<String> answer = server.post("", JSON, "{\"name\":\"silent\",\"data\":{}}");
    assertEquals(200, answer.statusCode());
    assertEquals("{\"id\":\"1\",\"name\":\"silent\",\"verdicts\":[]}", answer.body());
  }

  @Test
  void anAsyncActionIsStoredAndNamed() throws InterruptedException {
    HttpResponse<String> answer =
        server.post(
            "?mode=async",
            JSON,
            "{\"id\":7,\"name\":\"login\",\"data\":{\"a\":1},\"not_before\":\"2030-01-01T00:00:00Z\"}");
    assertEquals(202, answer.statusCode());
    assertEquals("{\"id\":\"7\",\"status\":\"accepted\"}", answer.body());
    assertEquals(0, server.dispatcher().stats().async().accepted());
  }

  @Test
  void aFullStoreIsSaidWithATimeToTryAgain() {
    for (int i = 0; i < ROOM; i++) {
      assertEquals(202, async("a").statusCode());
    }
    HttpResponse<String> refused = async("a");
    assertProblem(refused, 429, "3 actions are stored already");
    assertEquals("1", refused.headers().firstValue("Retry-After").orElse(""));
  }

  @Test
  void aFullQueueIsSaidWithATimeToTryAgain() {
    for (int i = 0; i < 300; i++) {
      CompletableFuture<ActionResult> unused =
          new SyncActions(server.dispatcher(), System::nanoTime)
              .within(ActionServer.MAX_WAIT, name -> null)
              .send(new Action(i, "a", Action.Encoding.JSON, new byte[0], null, Instant.EPOCH));
    }
    HttpResponse<String> refused = server.post("", JSON, "{\"name\":\"a\",\"data\":{}}");
    assertProblem(refused, 429, "the queue is full");
    assertEquals("1", refused.headers().firstValue("Retry-After").orElse(""));
  }

  @Test
  void aCoordinatorThatDrainsTakesNothing() {
    server.drain();
    HttpResponse<String> sync = server.post("", JSON, "{\"name\":\"a\",\"data\":{}}");
    assertProblem(sync, 503, "the coordinator is shutting down");
    assertEquals("1", sync.headers().firstValue("Retry-After").orElse(""));
    assertProblem(async("a"), 503, "the coordinator is shutting down");
  }

  @Test
  void aNackIsAConflict() {
    server.withWorker();
    assertProblem(
        server.post("", JSON, "{\"name\":\"nack\",\"data\":{}}"), 409, "a worker nacked it");
  }

  @Test
  void verdictsThatCannotBeReadAreTheWorkersFault() {
    server.withWorker();
    assertProblem(
        server.post("", JSON, "{\"name\":\"garbage\",\"data\":{}}"),
        502,
        "the worker's verdicts cannot be read");
  }

  @Test
  void aCallerWaitsNoLongerThanItSays() {
    assertProblem(
        server.post("?timeout=50ms", JSON, "{\"name\":\"a\",\"data\":{}}"),
        504,
        "no worker answered in time");
    assertEquals(0, server.dispatcher().stats().sync().accepted());
    assertEquals(1, server.dispatcher().stats().count(Count.CALLERS_EXPIRED));
  }

  @Test
  void aCallerWhomNobodyServesIsToldAtTheEnd() {
    CompletableFuture<HttpResponse<String>> waiting =
        CompletableFuture.supplyAsync(() -> server.post("", JSON, "{\"name\":\"a\",\"data\":{}}"));
    await().until(() -> server.dispatcher().stats().sync().accepted() == 1);
    server.drain();
    server.dispatcher().rejectCallers();
    assertProblem(waiting.join(), 503, "the coordinator is shutting down");
  }

  @Test
  void silenceWhileAWorkerThinksDoesNotEndTheConnection() throws InterruptedException {
    // Longer than a connection may need to send its request.
    Duration idleTimeout = Duration.ofSeconds(5);
    try (ActionServer impatient = ActionServer.impatient(idleTimeout)) {
      impatient.withWorker();
      CompletableFuture<HttpResponse<String>> waiting =
          CompletableFuture.supplyAsync(
              () -> impatient.post("", JSON, "{\"name\":\"hold\",\"data\":{}}"));
      Lease lease = impatient.takeHeld();
      await()
          .during(idleTimeout.plusSeconds(3))
          .atMost(ActionServer.MAX_WAIT)
          .until(() -> !waiting.isDone());
      impatient.ack(lease);
      assertEquals(200, waiting.join().statusCode());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FULL | 429",
        "TOO_LARGE | 413",
        "UNAVAILABLE | 503",
        "UNKNOWN | 503",
      })
  void aStoreThatRefusesIsQuoted(Reason reason, int status) {
    try (ActionServer refusing =
        ActionServer.start(
            action ->
                CompletableFuture.failedStage(
                    new RefusedException(reason, "kafka.topic=t: no", null)))) {
      assertProblem(
          refusing.post("?mode=async", JSON, "{\"name\":\"a\",\"data\":{}}"),
          status,
          "kafka.topic=t: no");
    }
  }

  @Test
  void aStoreThatDoesNotAnswerIsNotWaitedForForEver() {
    try (ActionServer stuck = ActionServer.start(action -> new CompletableFuture<>())) {
      assertProblem(
          stuck.post("?mode=async&timeout=100ms", JSON, "{\"name\":\"a\",\"data\":{}}"),
          504,
          "the store did not answer in time, the action may be stored or not");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"data\":{}} | name is missing",
        "{\"name\":\"a\"} | data is missing",
        "{\"name\":5,\"data\":{}} | name is of type number, want a string",
        "{\"name\":\"\",\"data\":{}} | name has 0 characters, want 1 to 256",
        "{\"name\":\"a\",\"data\":[1]} | data is of type array, want an object",
        "{\"name\":\"a\",\"data\":\"{}\"} | data is of type string, want an object",
        "{\"name\":\"a\",\"data\":{},\"secret_data\":1} | secret_data is of type number, want an object",
        "{\"id\":\"x\",\"name\":\"a\",\"data\":{}} | id is not an unsigned 64-bit integer, want 0 to 18446744073709551615",
        "{\"id\":\"-1\",\"name\":\"a\",\"data\":{}} | id is not an unsigned 64-bit integer, want 0 to 18446744073709551615",
        "{\"id\":18446744073709551616,\"name\":\"a\",\"data\":{}} | id is not an unsigned 64-bit integer, want 0 to 18446744073709551615",
        "{\"id\":1.5,\"name\":\"a\",\"data\":{}} | id is of type fraction, want an unsigned 64-bit integer",
        "{\"name\":\"a\",\"data\":{},\"timestamp\":\"soon\"} | timestamp is not an RFC 3339 time such as 2026-11-21T10:15:30Z",
        "{\"name\":\"a\",\"data\":{},\"timestamp\":5} | timestamp is of type number, want a string",
        "{\"name\":\"a\",\"data\":{},\"not_before\":\"2030-01-01T00:00:00Z\"} | not_before goes with mode=async only",
        "{\"name\":\"a\",\"data\":{},\"datas\":{}} | 'datas' is no field of an action, want id, name, data, secret_data, timestamp or not_before",
        "{\"action_name\":\"a\",\"data\":{}} | 'action_name' is no field of an action, want id, name, data, secret_data, timestamp or not_before",
        "[] | body is a JSON array, want an object",
        "{\"name\":\"a\",\"data\":{}} {} | body has more than one value at byte 24",
        "{\"name\":\"a\",\"data\":{\"a\":}} | body is not valid JSON, first error at byte 25",
        "{\"name\":\"a\" | body is JSON that is cut short at byte 11",
        "`` | body is empty, want a JSON object",
      })
  void aBadActionIsRefusedByField(String body, String detail) {
    server.withWorker();
    assertProblem(server.post("", JSON, body == null ? "" : body), 400, detail);
    assertEquals(0, server.dispatcher().stats().count(Count.SYNC_ACCEPTED));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "?mode=later | 400 | mode: want sync or async, got 'later'",
        "?mode= | 400 | mode: want sync or async, got ''",
        "?timeout=5 | 400 | timeout: want a duration such as 500ms or 10s, got '5'",
        "?timeout=0s | 400 | timeout: want 1ms to 1h, got '0s'",
        "?timeout=999999999h | 400 | timeout: want 1ms to 1h, got '999999999h'",
      })
  void aBadQueryIsRefusedByName(String query, int status, String detail) {
    assertProblem(server.post(query, JSON, "{\"name\":\"a\",\"data\":{}}"), status, detail);
  }

  @Test
  void anotherContentTypeIsRefused() {
    String wanted = "Content-Type: want application/json or application/x-ndjson, got ";
    assertProblem(server.post("", "text/plain", "{}"), 415, wanted + "'text/plain'");
    assertProblem(
        server.send(server.request("").POST(BodyPublishers.ofString("{}"))), 415, wanted + "''");
  }

  @Test
  void anotherMethodIsRefused() {
    assertEquals(405, server.send(server.request("").GET()).statusCode());
    assertEquals(405, server.send(server.request("").DELETE()).statusCode());
  }

  @Test
  void aLargeBodyIsRefusedWhetherItSaysItsLengthOrNot() {
    String large =
        "{\"name\":\"a\",\"data\":{\"a\":\"%s\"}}".formatted("x".repeat(ActionServer.MAX_BODY));
    HttpResponse<String> refused = server.post("", JSON, large);
    assertEquals(413, refused.statusCode());
    assertTrue(refused.body().contains("\"status\":413"), refused::body);
    HttpResponse<String> chunked =
        server.post(
            "",
            JSON,
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large.getBytes(UTF_8))));
    assertEquals(413, chunked.statusCode());
  }

  private HttpResponse<String> async(String name) {
    return server.post("?mode=async", JSON, "{\"name\":\"%s\",\"data\":{}}".formatted(name));
  }

  private static void assertProblem(HttpResponse<String> answer, int status, String detail) {
    assertEquals(status, answer.statusCode(), answer::body);
    assertTrue(
        answer.headers().firstValue("Content-Type").orElse("").startsWith(Problems.CONTENT_TYPE),
        () -> answer.headers().toString());
    String shown = Json.MAPPER.readTree(answer.body()).get("detail").stringValue();
    assertEquals(detail, shown);
  }
}
