package org.osprey.coordinator.tasks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.osprey.coordinator.tasks.TaskServer.json;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.DatabaseDeadLetters;
import org.osprey.coordinator.database.DatabaseSettings;
import tools.jackson.databind.JsonNode;

/** What nobody should send, and databases that are not there, over HTTP and on either database. */
@Timeout(120)
abstract class BadInputSuite {
  private static final String SQL = "x'); drop table tasks; --";
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final FakeService revenue = new FakeService();

  /** An empty database of the test's own; the same one within a test. */
  abstract DatabaseSettings.Builder settings();

  /** A database that is not there until {@link #mend}. */
  abstract DatabaseSettings.Builder broken();

  abstract void mend();

  @AfterEach
  void stop() {
    revenue.close();
  }

  @Test
  void whatIsNoTaskIsRefusedAndNothingIsStored() {
    try (TaskServer server = server(settings().build())) {
      assertProblem(422, "the body is not valid JSON", server.post("/api/orchestrate", "nope"));
      assertProblem(422, "the body: is missing", server.post("/api/orchestrate", ""));
      assertProblem(
          422, "payload: has 0 items", server.post("/api/orchestrate", "{\"payload\":[]}"));
      String deep = "[".repeat(100_000);
      assertProblem(422, "the body is not valid JSON", server.post("/api/orchestrate", deep));
      String large = "x".repeat(10_000_000);
      assertEquals(413, server.post("/api/orchestrate", large).statusCode());
      assertEquals(413, server.post("/api/orchestrate/direct", large).statusCode());
      assertProblem(404, "task_id: there is no such task", server.get("/api/tasks/none"));
      assertEquals("[]", server.get("/api/tasks").body());
    }
  }

  @Test
  void whatADatabaseCannotStoreIsRefusedByName() {
    try (TaskServer server = server(settings().build())) {
      String nul = "a\\u0000b";
      assertMalformed("task_name: has a NUL", server, task(nul, "d", "s", "b", "x"));
      assertMalformed("task_description: has a NUL", server, task("n", nul, "s", "b", "x"));
      assertMalformed(
          "payload[0].revenue.scenario_id: has a NUL", server, task("n", "d", nul, "b", "x"));
      assertMalformed(
          "payload[0].revenue.business_type_id: has a NUL", server, task("n", "d", "s", nul, "x"));
      assertMalformed("payload: has half a", server, task("n", "d", "s", "b", "\\ud83d"));
      assertEquals("[]", server.get("/api/tasks").body());
      String id = submitted(server, task("n", "d", "s", "b", nul));
      JsonNode stored = json(server.get("/api/tasks/" + id + "?wait=30s"));
      assertEquals("a\u0000b", stored.at("/payload/0/revenue/other").asString());
      assertEquals("COMPLETED", stored.get("status").asString());
      assertProblem(400, "task_name: has a NUL", server.get("/api/tasks?task_name=%00"));
      for (String path : List.of("/api/tasks/%00", "/api/tasks/x%00y")) {
        int status = server.get(path).statusCode();
        assertTrue(status == 404 || status == 400, path + " " + status);
      }
    }
  }

  @Test
  void sqlIsText() {
    try (TaskServer server = server(settings().build())) {
      String id = submitted(server, task(SQL, SQL, SQL, SQL, SQL));
      JsonNode stored = json(server.get("/api/tasks/" + id + "?wait=30s"));
      assertEquals("COMPLETED", stored.get("status").asString());
      assertEquals(SQL, stored.get("task_name").asString());
      assertEquals(SQL, stored.get("task_description").asString());
      assertEquals(SQL, stored.at("/service_requests/0/scenario_id").asString());
      assertEquals(SQL, stored.at("/service_requests/0/business_type_id").asString());
      assertEquals(SQL, stored.at("/payload/0/revenue/other").asString());
      assertEquals(404, server.get("/api/tasks/'%20or%20'1'='1").statusCode());
      assertEquals(404, server.post("/api/tasks/'%20or%20'1'='1/cancel", "").statusCode());
      assertEquals(404, server.post("/api/tasks/'%20or%20'1'='1/retry", "").statusCode());
      assertEquals("[]", server.get("/api/tasks?task_name='%20or%20'1'='1").body());
      assertEquals(400, server.get("/api/tasks?status='%20or%20'1'='1").statusCode());
      for (int i = 0; i < 2; i++) {
        assertEquals(
            200,
            server
                .post("/api/orchestrate", task("n", "d", "s", "b", "x"), "Idempotency-Key", SQL)
                .statusCode());
      }
      assertEquals(2, json(server.get("/api/tasks")).size());
    }
  }

  @Test
  void aDatabaseThatIsNotThereIsWaitedFor() {
    DatabaseSettings settings = broken().writeTimeout(Duration.ofMillis(200)).build();
    try (TaskServer server = server(settings)) {
      assertUnavailable(server.get("/api/tasks"));
      assertUnavailable(server.get("/api/tasks/x"));
      assertUnavailable(server.get("/api/tasks/x?wait=1s"));
      assertUnavailable(server.post("/api/tasks/x/cancel", ""));
      assertUnavailable(server.post("/api/orchestrate", task("n", "d", "s", "b", "x")));
      mend();
      await().atMost(PATIENCE).until(() -> server.get("/api/tasks").statusCode() == 200);
      String id = submitted(server, task("n", "d", "s", "b", "x"));
      await()
          .atMost(PATIENCE)
          .until(() -> server.get("/api/tasks/" + id).body().contains("\"COMPLETED\""));
      await().atMost(PATIENCE).until(() -> server.tasks.check().healthy());
    }
  }

  @Test
  void theTablesOfAnotherProgramAreLeftAlone() throws Exception {
    DatabaseSettings settings = settings().writeTimeout(Duration.ofMillis(200)).build();
    try (Database other =
        new Database(
            settings, List.of(DatabaseDeadLetters.FEATURE), Ticker.system(), new Random(1))) {
      other.start();
      other
          .write(handle -> handle.execute("create table tasks (id integer, task_id text)"))
          .toCompletableFuture()
          .get(40, TimeUnit.SECONDS);
    }
    try (TaskServer server = server(settings)) {
      HttpResponse<String> refused = server.get("/api/tasks");
      assertUnavailable(refused);
      String detail = json(refused).get("detail").asString();
      assertTrue(detail.startsWith("database: database."), detail);
      assertTrue(detail.contains("the table tasks belongs to another program"), detail);
    }
  }

  private TaskServer server(DatabaseSettings settings) {
    return new TaskServer(
        settings, List.of(TaskServer.service("revenue", revenue.url())), Set.of());
  }

  private static String task(
      String name, String description, String scenario, String business, String other) {
    return """
    {"task_name": "%s", "task_description": "%s", "payload": [
      {"revenue": {"scenario_id": "%s", "business_type_id": "%s", "other": "%s"}}]}
    """
        .formatted(name, description, scenario, business, other);
  }

  private static String submitted(TaskServer server, String task) {
    HttpResponse<String> accepted = server.post("/api/orchestrate", task);
    assertEquals(200, accepted.statusCode(), accepted.body());
    return json(accepted).get("task_id").asString();
  }

  private static void assertMalformed(String detail, TaskServer server, String task) {
    assertProblem(422, detail, server.post("/api/orchestrate", task));
  }

  private static void assertProblem(int status, String detail, HttpResponse<String> response) {
    assertEquals(status, response.statusCode(), response.body());
    String type = response.headers().firstValue("Content-Type").orElse("");
    assertTrue(type.startsWith("application/problem+json"), type);
    String got = json(response).get("detail").asString();
    assertTrue(got.startsWith(detail), got);
  }

  static void assertUnavailable(HttpResponse<String> response) {
    assertProblem(503, "database: database.", response);
    assertEquals("1", response.headers().firstValue("Retry-After").orElse(""));
  }
}
