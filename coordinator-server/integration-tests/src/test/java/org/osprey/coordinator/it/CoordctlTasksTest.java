package org.osprey.coordinator.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.tasks.samples.SampleService.Behaviour;
import tools.jackson.databind.JsonNode;

/** {@code coordctl tasks} against a whole coordinator: its tables, JSON and exit status. */
@Timeout(120)
class CoordctlTasksTest {
  private static final String UUID = "[0-9a-f-]{36}";

  @TempDir private Path folder;
  private TasksFixture tasks;
  private Coordctl coordctl;

  @BeforeEach
  void start() {
    tasks = new TasksFixture(folder, Behaviour.QUICK);
    coordctl = new Coordctl(tasks.url());
  }

  @AfterEach
  void close() {
    tasks.close();
  }

  @Test
  void tasksAreListedInPages() throws Exception {
    assertEquals("no tasks\n", coordctl.table("tasks list"));
    String older = tasks.send();
    String newer = tasks.send();
    tasks.await(older);
    tasks.await(newer);
    List<String> lines = coordctl.table("tasks list --status completed").lines().toList();
    assertEquals(3, lines.size());
    assertTrue(
        lines
            .get(1)
            .matches(newer + "  COMPLETED  Compute Financial Metrics +3/3  \\S+Z +\\S+ m?s"),
        lines::toString);
    JsonNode page = coordctl.json("tasks list --limit 1");
    assertEquals(newer, page.path("tasks").path(0).path("task_id").asString());
    String next = page.path("next").asString();
    assertTrue(
        coordctl.table("tasks list --limit 1").endsWith("there are more: --after " + next + "\n"));
    JsonNode last = coordctl.json("tasks list --limit 1 --after " + next);
    assertEquals(older, last.path("tasks").path(0).path("task_id").asString());
    assertTrue(last.path("next").isMissingNode());
    assertEquals("no tasks\n", coordctl.table("tasks list --name Compute"));
    assertEquals(1, coordctl.run("tasks list --status done").status());
  }

  @Test
  void aTaskIsShownWithItsRequests() throws Exception {
    String id = tasks.send();
    tasks.await(id);
    String shown = coordctl.table("tasks show " + id);
    assertTrue(shown.matches("(?s)id +" + id + "\\R.*status +COMPLETED\\R.*3/3 requests.*"), shown);
    assertTrue(shown.matches("(?s).*\\R +1  revenue +COMPLETED +1  \\S+Z +\\S+ m?s\\R.*"), shown);
    String whole = coordctl.table("tasks show --payloads " + id);
    assertTrue(whole.contains("revenue got\n{"), whole);
    assertTrue(whole.contains("specialty answered\n{"), whole);
    assertEquals(3, coordctl.json("tasks show " + id).path("service_requests").size());
    assertEquals(
        new Coordctl.Run(1, "", "coordctl: task_id: there is no such task (404 Not Found)\n"),
        coordctl.run("tasks show none"));
  }

  @Test
  void whatFailedIsRetried() throws Exception {
    restart(new Behaviour(Duration.ZERO, 1, 0));
    String id = tasks.send();
    assertEquals("FAILED", tasks.await(id));
    String retried = coordctl.table("tasks retry " + id);
    assertTrue(retried.matches("(?s)ID .*\\R" + UUID + "  [A-Z_]+ +Compute .*"), retried);
    assertEquals("FAILED", tasks.await(id));
    JsonNode request = coordctl.json("tasks show " + id).path("service_requests").path(0);
    assertEquals(2, request.path("attempts").asInt());
    assertTrue(coordctl.table("tasks list").contains("status 500"));
  }

  @Test
  void whatHasNotEndedIsCancelledAfterAQuestion() throws Exception {
    restart(new Behaviour(Duration.ofMinutes(1), 0, 0));
    String id = tasks.send();
    assertEquals(2, coordctl.run("tasks cancel " + id).status());
    JsonNode cancelled = coordctl.json("tasks cancel --yes " + id);
    assertEquals("CANCELLED", cancelled.path("tasks").path(0).path("status").asString());
    Coordctl.Run again = coordctl.run("tasks cancel --yes " + id);
    assertEquals(1, again.status());
    assertTrue(again.err().endsWith("(409 Conflict)\n"), again.err());
  }

  /** With services of other manners. */
  private void restart(Behaviour behaviour) {
    tasks.close();
    tasks = new TasksFixture(folder, behaviour);
    coordctl = new Coordctl(tasks.url());
  }
}
