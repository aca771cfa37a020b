package org.osprey.coordinator.tasks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.core.Share;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.DatabaseSettings;
import org.osprey.coordinator.http.HttpServer;
import org.osprey.coordinator.http.HttpSettings;
import org.osprey.coordinator.http.Json;
import tools.jackson.databind.JsonNode;

@Timeout(120)
class TaskRoutesTest {
  /** The request of the README that this module promises to serve. */
  private static final String SEED =
      """
      {
        "task_name": "Compute Financial Metrics",
        "task_description": "Compute revenue, rebates, and specialty metrics for the given scenarios",
        "payload": [
          {
            "revenue": {
              "scenario_id": "123e4567-e89b-12d3-a456-426614174000",
              "business_type_id": "123e4567-e89b-12d3-a456-426614174001"
            },
            "rebates": {
              "scenario_id": "123e4567-e89b-12d3-a456-426614174000",
              "business_type_id": "123e4567-e89b-12d3-a456-426614174001"
            },
            "specialty": {
              "scenario_id": "123e4567-e89b-12d3-a456-426614174000",
              "business_type_id": "123e4567-e89b-12d3-a456-426614174001"
            }
          }
        ]
      }
      """;

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir private Path folder;
  private final FakeService revenue = new FakeService();
  private final FakeService rebates = new FakeService();
  private final FakeService specialty = new FakeService();
  private Database database;
  private Tasks tasks;
  private HttpServer http;

  @BeforeEach
  void start() throws IOException {
    database =
        new Database(
            DatabaseSettings.builder().file(folder.resolve("test.db")).build(),
            List.of(Tasks.FEATURE),
            Ticker.system(),
            new Random(1));
    TaskSettings settings =
        new TaskSettings(
            List.of(
                service("revenue", revenue),
                service("rebates", rebates),
                service("specialty", specialty)),
            Duration.ofSeconds(20),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofDays(30));
    tasks = new Tasks(settings, database, Ticker.system(), new Random(1), Share.ALL, null);
    http =
        new HttpServer(
            new HttpSettings(
                0, "127.0.0.1", 1 << 20, 100, Duration.ofMinutes(1), 10, Duration.ofSeconds(5)),
            List.of(new TaskRoutes(tasks, 10)));
    database.start();
    tasks.start();
    http.start();
  }

  @AfterEach
  void stop() {
    http.close();
    tasks.close();
    database.close();
    revenue.close();
    rebates.close();
    specialty.close();
  }

  @Test
  void theSeedsRequestIsDone() throws Exception {
    HttpResponse<String> accepted = post("/api/orchestrate", SEED);
    assertEquals(200, accepted.statusCode());
    JsonNode answer = json(accepted);
    assertEquals("accepted", answer.get("status").asString());
    assertFalse(answer.get("message").asString().isEmpty());
    String id = answer.get("task_id").asString();
    JsonNode task = json(get("/api/tasks/" + id + "?wait=30s"));
    assertEquals("COMPLETED", task.get("status").asString());
    assertEquals("Compute Financial Metrics", task.get("task_name").asString());
    assertEquals(1, task.get("payload").size());
    assertTrue(task.get("error_message").isNull());
    JsonNode requests = task.get("service_requests");
    assertEquals(3, requests.size());
    for (JsonNode request : requests) {
      assertEquals("COMPLETED", request.get("status").asString());
      assertEquals("success", request.at("/response_payload/status").asString());
      assertEquals("123e4567-e89b-12d3-a456-426614174000", request.get("scenario_id").asString());
      assertEquals(1, request.at("/request_payload/items").size());
    }
    JsonNode list = json(get("/api/tasks"));
    assertTrue(list.isArray());
    assertEquals(id, list.get(0).get("task_id").asString());
    assertEquals(0, list.get(0).get("service_requests").size());
    assertEquals(
        "{\"requests\":3,\"open\":0,\"failed\":0}", list.get(0).get("progress").toString());
  }

  @Test
  void whatHappensIsCounted() throws Exception {
    revenue.answers = call -> call < 3 ? 503 : 200;
    rebates.answers = call -> 400;
    specialty.answers = call -> call == 1 ? 429 : 200;
    post("/api/orchestrate/direct", SEED);
    Map<String, Double> expected = new TreeMap<>();
    expected.put("tasks_accepted", 1.0);
    expected.put("tasks_ended completed", 0.0);
    expected.put("tasks_ended failed", 1.0);
    expected.put("tasks_ended cancelled", 0.0);
    for (String service : List.of("revenue", "rebates", "specialty")) {
      for (String outcome :
          List.of(
              "succeeded", "refused", "postponed", "aborted", "busy", "not_reached", "broken")) {
        expected.put("task_calls " + service + " " + outcome, 0.0);
      }
      for (String name : List.of("late_answers", "calls_out", "breaker_open", "requests_pending")) {
        expected.put("task_" + name + " " + service, 0.0);
      }
    }
    expected.put("task_calls revenue broken", 2.0);
    expected.put("task_calls revenue succeeded", 1.0);
    expected.put("task_calls rebates refused", 1.0);
    expected.put("task_calls specialty busy", 1.0);
    expected.put("task_calls specialty succeeded", 1.0);
    // What waits is counted now and then.
    await().untilAsserted(() -> assertEquals(expected, new TreeMap<>(RecordedFigures.of(tasks))));
  }

  @Test
  void whoWaitsGetsTheResults() throws Exception {
    rebates.answers = call -> 400;
    HttpResponse<String> response = post("/api/orchestrate/direct", SEED);
    assertEquals(200, response.statusCode());
    JsonNode answer = json(response);
    assertEquals("partial_success", answer.get("status").asString());
    assertEquals("success", answer.at("/results/revenue/status").asString());
    assertTrue(answer.at("/errors/rebates").asString().startsWith("status 400"));
    String id = answer.get("task_id").asString();
    assertEquals("FAILED", json(get("/api/tasks/" + id)).get("status").asString());
  }

  @Test
  void aFailureThatPassesIsTriedAgainWithTheSameKey() throws Exception {
    revenue.answers = call -> call < 3 ? 503 : 200;
    JsonNode answer = json(post("/api/orchestrate/direct", SEED));
    assertEquals("success", answer.get("status").asString());
    assertEquals(3, revenue.calls.get());
    assertEquals(1, revenue.effects.size());
  }

  @Test
  void whatFailedIsRetriedByHand() throws Exception {
    revenue.answers = call -> call < 5 ? 500 : 200;
    JsonNode answer = json(post("/api/orchestrate/direct", SEED));
    assertEquals(4, revenue.calls.get());
    String id = answer.get("task_id").asString();
    HttpResponse<String> retried = post("/api/tasks/" + id + "/retry", "");
    assertEquals(200, retried.statusCode());
    assertEquals("COMPLETED", json(get("/api/tasks/" + id + "?wait=20s")).get("status").asString());
    assertEquals(5, revenue.calls.get());
    assertEquals(1, rebates.calls.get());
    assertEquals(409, post("/api/tasks/" + id + "/retry", "").statusCode());
    assertEquals(409, post("/api/tasks/" + id + "/cancel", "").statusCode());
  }

  @Test
  void aTaskIsCancelled() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    revenue.answers =
        call -> {
          awaitQuietly(end);
          return 200;
        };
    String id = json(post("/api/orchestrate", SEED)).get("task_id").asString();
    await().until(() -> revenue.calls.get() == 1);
    HttpResponse<String> cancelled = post("/api/tasks/" + id + "/cancel", "");
    end.countDown();
    assertEquals(200, cancelled.statusCode());
    assertEquals("CANCELLED", json(cancelled).get("status").asString());
    awaitFigure("tasks_ended cancelled");
    awaitFigure("task_late_answers revenue");
    assertEquals(404, post("/api/tasks/none/cancel", "").statusCode());
    assertEquals(404, post("/api/tasks/none/retry", "").statusCode());
    assertEquals(404, get("/api/tasks/none").statusCode());
  }

  @Test
  void anEqualRequestWithTheSameKeyMakesNoSecondTask() throws Exception {
    HttpResponse<String> first = post("/api/orchestrate", SEED, "Idempotency-Key", "k1");
    HttpResponse<String> again = post("/api/orchestrate", SEED, "Idempotency-Key", "k1");
    assertEquals(first.body(), again.body());
    assertEquals("true", again.headers().firstValue("Idempotent-Replayed").orElse(""));
    assertEquals(1, json(get("/api/tasks")).size());
    HttpResponse<String> other =
        post("/api/orchestrate", SEED.replace("Compute", "Do"), "Idempotency-Key", "k1");
    assertEquals(422, other.statusCode());
    assertEquals(400, post("/api/orchestrate", SEED, "Idempotency-Key", " ").statusCode());
  }

  @Test
  void aDirectRequestThatIsUnderWayIsNotMadeAgain() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    revenue.answers =
        call -> {
          awaitQuietly(end);
          return 200;
        };
    CompletableFuture<HttpResponse<String>> first =
        CompletableFuture.supplyAsync(
            () -> post("/api/orchestrate/direct", SEED, "Idempotency-Key", "k1"));
    await().until(() -> revenue.calls.get() == 1);
    assertEquals(409, post("/api/orchestrate/direct", SEED, "Idempotency-Key", "k1").statusCode());
    end.countDown();
    String answer = first.join().body();
    assertEquals(answer, post("/api/orchestrate/direct", SEED, "Idempotency-Key", "k1").body());
    assertEquals(1, revenue.calls.get());
  }

  @Test
  void mistakesAreProblemsAndNothingIsStored() throws Exception {
    HttpResponse<String> unknown =
        post("/api/orchestrate", SEED.replace("\"rebates\"", "\"rebate\""));
    assertEquals(422, unknown.statusCode());
    assertTrue(
        json(unknown).get("detail").asString().startsWith("payload[0].rebate: no such service"));
    assertEquals(422, post("/api/orchestrate", "not json").statusCode());
    assertEquals(422, post("/api/orchestrate", "").statusCode());
    assertEquals(413, post("/api/orchestrate", "x".repeat(2 << 20)).statusCode());
    assertEquals(400, get("/api/tasks?limit=0").statusCode());
    assertEquals(400, get("/api/tasks?status=DONE").statusCode());
    assertEquals(400, get("/api/tasks?after=x").statusCode());
    assertEquals(400, get("/api/tasks/x?wait=long").statusCode());
    assertEquals("[]", get("/api/tasks").body());
  }

  @Test
  void pagesAreLinked() throws Exception {
    for (int i = 0; i < 3; i++) {
      post("/api/orchestrate", SEED);
    }
    HttpResponse<String> page = get("/api/tasks?limit=2&task_name=Compute%20Financial%20Metrics");
    String link = page.headers().firstValue("Link").orElseThrow();
    assertTrue(link.endsWith("; rel=\"next\""), link);
    HttpResponse<String> next = get(link.substring(1, link.indexOf('>')));
    assertEquals(1, json(next).size());
    assertTrue(next.headers().firstValue("Link").isEmpty());
  }

  private void awaitFigure(String name) {
    await().until(() -> RecordedFigures.of(tasks).get(name), Double.valueOf(1)::equals);
  }

  private static ServiceSettings service(String name, FakeService service) {
    return new ServiceSettings(
        name,
        service.url(),
        ServiceSettings.Batch.ALL,
        Duration.ofSeconds(20),
        3,
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMinutes(1),
        8);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private HttpResponse<String> get(String path) {
    return send(request(path).GET());
  }

  private HttpResponse<String> post(String path, String body, String... headers) {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http.port() + path));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  private static JsonNode json(HttpResponse<String> response) {
    return Json.MAPPER.readTree(response.body());
  }
}
