package org.osprey.coordinator.tasks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.database.DatabaseSettings;
import org.osprey.coordinator.http.Json;
import tools.jackson.databind.JsonNode;

@Timeout(120)
class TaskEventsTest {
  private static final String TASK =
      """
      {"task_name": "n", "task_description": "d", "payload": [
        {"revenue": {"scenario_id": "s1", "ssn": "123"}}]}
      """;

  @TempDir private Path folder;
  private final FakeService revenue = new FakeService();
  private final CountDownLatch end = new CountDownLatch(1);
  private TaskServer server;

  @BeforeEach
  void start() {
    server =
        new TaskServer(
            DatabaseSettings.builder().file(folder.resolve("test.db")).build(),
            List.of(TaskServer.service("revenue", revenue.url())),
            Set.of("SSN", "scenario_id"));
  }

  @AfterEach
  void stop() {
    end.countDown();
    server.close();
    revenue.close();
  }

  @Test
  void aTaskIsShownUntilItHasEnded() {
    revenue.answers =
        call -> {
          awaitEnd();
          return 200;
        };
    HttpResponse<Stream<String>> watched = watch(submitted());
    assertEquals(200, watched.statusCode());
    assertEquals(
        "text/event-stream; charset=utf-8",
        watched.headers().firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT));
    try (Stream<String> lines = watched.body()) {
      Iterator<JsonNode> events =
          lines
              .filter(line -> line.startsWith("data: "))
              .map(line -> Json.MAPPER.readTree(line.substring("data: ".length())))
              .iterator();
      JsonNode event = events.next();
      while (!event.get("status").asString().equals("IN_PROGRESS")) {
        assertEquals("PENDING", event.get("status").asString());
        event = events.next();
      }
      assertEquals("***", event.at("/service_requests/0/scenario_id").asString());
      assertTrue(event.get("payload").isNull());
      assertTrue(event.at("/service_requests/0/request_payload").isNull());
      end.countDown();
      JsonNode last = event;
      while (events.hasNext()) {
        last = events.next();
      }
      assertEquals("COMPLETED", last.get("status").asString());
      assertEquals("COMPLETED", last.at("/service_requests/0/status").asString());
    }
  }

  @Test
  void noMoreWatchThanMay() {
    revenue.answers =
        call -> {
          awaitEnd();
          return 200;
        };
    String task = submitted();
    List<Stream<String>> watching = new ArrayList<>();
    for (int i = 0; i < TaskServer.MOST_WATCHERS; i++) {
      watching.add(watch(task).body());
    }
    HttpResponse<Stream<String>> refused = watch(task);
    assertEquals(503, refused.statusCode());
    assertTrue(refused.headers().firstValue("Retry-After").isPresent());
    end.countDown();
    watching.forEach(lines -> assertTrue(lines.anyMatch(line -> line.contains("COMPLETED"))));
    await().until(() -> watch(task).statusCode() == 200);
  }

  @Test
  void whatIsNotThereIsNotWatched() {
    assertEquals(404, watch("none").statusCode());
  }

  @Test
  void valuesAreHiddenFromPeopleAndServicesGetThem() {
    revenue.answers = call -> 400;
    HttpResponse<String> direct = server.post("/api/orchestrate/direct", TASK);
    String error = TaskServer.json(direct).at("/errors/revenue").asString();
    assertTrue(error.contains("\"ssn\":\"***\""), error);
    String id = TaskServer.json(direct).get("task_id").asString();
    String detail = server.get("/api/tasks/" + id).body();
    String list = server.get("/api/tasks").body();
    for (String shown : List.of(direct.body(), detail, list)) {
      assertTrue(shown.contains("***"), shown);
      assertTrue(!shown.contains("123") && !shown.contains("s1"), shown);
    }
    revenue.answers = call -> 200;
    server.post("/api/tasks/" + id + "/retry", "");
    JsonNode task = TaskServer.json(server.get("/api/tasks/" + id + "?wait=30s"));
    assertEquals("COMPLETED", task.get("status").asString());
    assertEquals("***", task.at("/service_requests/0/response_payload/data/0/ssn").asString());
    assertTrue(revenue.lastItems.contains("\"ssn\":\"123\""), revenue.lastItems);
  }

  private HttpResponse<Stream<String>> watch(String taskId) {
    return TaskServer.send(
        server.request("/api/tasks/" + taskId).header("Accept", "text/event-stream").GET(),
        BodyHandlers.ofLines());
  }

  private String submitted() {
    return TaskServer.json(server.post("/api/orchestrate", TASK)).get("task_id").asString();
  }

  private void awaitEnd() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
