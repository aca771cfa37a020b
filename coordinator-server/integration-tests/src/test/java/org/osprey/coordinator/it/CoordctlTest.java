package org.osprey.coordinator.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.InMemoryOrigin;
import org.osprey.coordinator.core.InMemorySource;
import org.osprey.coordinator.core.Ticker;
import tools.jackson.databind.JsonNode;

/** The commands of coordctl against a whole coordinator: their tables, JSON and exit status. */
@Timeout(120)
class CoordctlTest {
  private final InMemoryOrigin origin = new InMemoryOrigin();
  private final InMemorySource source =
      new InMemorySource("memory", origin, new InMemoryDeadLetters(), Ticker.system());
  private final CoordinatorTester tester = new CoordinatorTester.Setup().source(source).start();
  private final Coordctl coordctl = new Coordctl(tester);

  @AfterEach
  void close() {
    tester.close();
  }

  @Test
  void healthListsEveryPart() {
    String table = coordctl.table("health");
    assertTrue(table.startsWith("ok, sources: source-1"), table);
    for (String part : List.of("ticks", "rpc", "http", "memory")) {
      assertTrue(table.matches("(?s).*\\R" + part + " +ok .*"), table);
    }
    JsonNode health = coordctl.json("health");
    assertEquals("ok", health.path("status").asString());
    assertEquals(tester.coordinator().checks().size(), health.path("checks").size());
  }

  @Test
  void workersShowWhatTheyHold() {
    RawWorker worker = tester.worker();
    origin.add(action(1));
    worker.take();
    List<String> lines = coordctl.table("workers").lines().toList();
    assertEquals("1 stream", lines.getLast());
    assertTrue(lines.get(1).matches(" *\\d+  raw-worker  127\\.0\\.0\\.1:\\d+  \\* +1/1 +0 +0 .*"));
    JsonNode workers = coordctl.json("workers --limit 1");
    assertEquals(1, workers.path("connected").asInt());
    assertEquals("raw-worker", workers.path("workers").path(0).path("client_id").asString());
    assertEquals(1, coordctl.run("workers --limit 0").status());
  }

  @Test
  void aDisconnectedWorkerGoes() {
    RawWorker worker = tester.worker();
    await().until(() -> coordctl.json("workers").path("connected").asInt() == 1);
    String id = coordctl.json("workers").path("workers").path(0).path("id").asString();
    assertEquals(id, coordctl.json("disconnect " + id).path("disconnected").path(0).asString());
    assertTrue(worker.ended().isOk());
    assertEquals(
        new Coordctl.Run(1, "", "coordctl: id: no stream '99' is connected (404 Not Found)\n"),
        coordctl.run("disconnect 99"));
    tester.worker();
    await().until(() -> coordctl.json("workers").path("connected").asInt() == 1);
    String next = coordctl.json("workers").path("workers").path(0).path("id").asString();
    assertEquals(
        "stream " + next + " gets nothing more and ends when nothing is out at it\n",
        coordctl.table("disconnect " + next));
  }

  @Test
  void aSourceIsPausedAndResumed() {
    assertTrue(coordctl.table("sources").matches("(?s).*\\Rsource-1 +running +ok .*"));
    assertTrue(coordctl.table("pause source-1").matches("(?s).*\\Rsource-1 +paused +ok .*"));
    assertTrue(coordctl.json("sources").path("sources").path(0).path("paused").asBoolean());
    origin.add(action(1));
    await().until(() -> source.check().detail().equals("0 of 1 finished, paused"));
    assertFalse(
        coordctl.json("resume source-1").path("sources").path(0).path("paused").asBoolean());
    RawWorker worker = tester.worker();
    worker.ack(worker.take());
    await().until(() -> origin.outcomes().size() == 1);
    Coordctl.Run unknown = coordctl.run("pause source-1 nowhere");
    assertEquals(1, unknown.status());
    assertTrue(unknown.err().contains("nowhere"), unknown.err());
    assertTrue(unknown.err().endsWith("(404 Not Found)\n"), unknown.err());
  }

  @Test
  void theQueueShowsWhatWaits() {
    origin.add(action(1));
    origin.add(action(2));
    await().until(() -> tester.coordinator().dispatcher().stats().async().waiting() == 2);
    String table = coordctl.table("queue");
    assertTrue(table.matches("(?s)LANE .*\\Rasync +2 +2 .*"), table);
    assertTrue(table.contains("0 out, 0 delayed, 0 held, 0 settling; 0 of 0 streams free"), table);
    assertTrue(table.matches("(?s).*\\Rasync accepted +2\\R"), table);
    assertFalse(table.contains("leased"), table);
    assertTrue(coordctl.table("queue --all").matches("(?s).*\\Rleased +0\\R.*"));
    JsonNode async = coordctl.json("queue").path("lanes").path("async");
    assertEquals(2, async.path("waiting").asInt());
  }

  @Test
  void deadLettersAreListedShownReplayedAndPurged() {
    RawWorker worker = tester.worker();
    giveUp(worker, 1);
    giveUp(worker, 2);
    List<String> lines = coordctl.table("dead-letters list").lines().toList();
    assertEquals(3, lines.size());
    assertTrue(
        lines.get(1).matches("\\S+ +\\S+Z  nacked  memory  1  +user_login +3 +0 +7 B.*"),
        lines::toString);
    JsonNode letters = coordctl.json("dead-letters list --limit 1");
    String first = letters.path("dead_letters").path(0).path("id").asString();
    assertEquals(first, letters.path("next").asString());
    assertTrue(
        coordctl
            .table("dead-letters list --limit 1")
            .endsWith("there may be more: --after " + first + "\n"));
    assertEquals(
        "2",
        coordctl
            .json("dead-letters list --after " + first)
            .path("dead_letters")
            .path(0)
            .path("action_id")
            .asString());

    String shown = coordctl.table("dead-letters show " + first);
    assertTrue(shown.matches("(?s)id +" + first + "\\R.*reason +nacked\\R.*\\R\\{.*"), shown);
    assertEquals(1, coordctl.json("dead-letters show " + first).path("data").path("n").asInt());
    assertEquals(1, coordctl.run("dead-letters show 99").status());

    worker.ackingAll();
    assertEquals(1, coordctl.json("dead-letters replay " + first).path("replayed").asInt());
    assertEquals(2, coordctl.run("dead-letters purge --all").status());
    assertEquals(1, tester.deadLetters().kept().size());
    assertEquals("thrown away: 1\n", coordctl.table("dead-letters purge --reason nacked --yes"));
    assertEquals("no dead letters\n", coordctl.table("dead-letters list"));
    assertEquals(0, coordctl.json("dead-letters purge --all --yes").path("purged").asInt());
  }

  @Test
  void aReplayThatLeavesSomeIsNoSuccess() {
    RawWorker worker = tester.worker();
    giveUp(worker, 1);
    worker.cancel();
    Coordctl.Run run = coordctl.run("dead-letters replay --all --timeout 100ms");
    assertEquals(1, run.status());
    assertTrue(run.out().matches("(?s).*unfinished, kept +1\\R.*"), run.out());
    assertEquals(2, coordctl.run("dead-letters replay").status());
  }

  @Test
  void topShowsTheWholePicture() {
    RawWorker worker = tester.worker().ackingAll();
    origin.add(action(1));
    await().until(() -> origin.outcomes().size() == 1);
    String frame = coordctl.table("top -n 1");
    for (String want :
        List.of("running  http://", "raw-worker", "source-1", "user_login", "acked")) {
      assertTrue(frame.contains(want), frame);
    }
    assertEquals(1, coordctl.json("top -n 1 --poll").path("queue").path("connected").asInt());
    assertFalse(worker.hasEnded());
  }

  @Test
  void loadIsAnsweredAndMeasured() {
    tester.worker().ackingAll();
    String load =
        "load --target 127.0.0.1:"
            + tester.coordinator().syncPort()
            + " --callers 2 --warm-up 0s --duration 1s";
    JsonNode report = coordctl.json(load);
    long verdicts = report.path("verdicts").asLong();
    assertTrue(verdicts > 0, report.toString());
    assertEquals(0, report.path("failed").asInt());
    JsonNode latency = report.path("latency_seconds");
    double last = 0;
    for (String percentile : List.of("p50", "p90", "p99", "p99.9", "max")) {
      assertTrue(latency.path(percentile).asDouble() >= last, report.toString());
      last = latency.path(percentile).asDouble();
    }
    assertTrue(last > 0, report.toString());

    String table = coordctl.table(load + " --rate 50");
    assertTrue(table.matches("(?s).*throughput +\\d+/s\\R.*p99\\.9 .*failed +0\\R.*"), table);
    // The worker's count has both runs in it: nothing was answered that nobody handled.
    assertTrue(coordctl.json("workers").path("workers").path(0).path("acks").asLong() > verdicts);
  }

  @Test
  void loadThatFailsIsCountedByCode() {
    Coordctl.Run run =
        coordctl.run(
            "load --target 127.0.0.1:"
                + tester.coordinator().syncPort()
                + " --callers 2 --warm-up 0s --duration 1s --timeout 50ms");
    assertEquals(1, run.status());
    assertTrue(run.out().matches("(?s).*verdicts +0\\R.* DEADLINE_EXCEEDED +\\d+\\R"), run.out());
    assertEquals(3, coordctl.run("load --target 127.0.0.1:1").status());
  }

  @Test
  void aRateThatIsNotReachedShows() {
    tester.worker();
    Coordctl.Run run =
        coordctl.run(
            "load --target 127.0.0.1:"
                + tester.coordinator().syncPort()
                + " --callers 1 --rate 1000 --warm-up 0s --duration 300ms --timeout 200ms");
    assertEquals(1, run.status());
    Matcher unsent =
        Pattern.compile("not sent +(\\d+), as every caller was busy").matcher(run.out());
    assertTrue(unsent.find(), run.out());
    // One caller waits 200 ms for each answer: of 300 calls it gets to two or three.
    assertTrue(Integer.parseInt(unsent.group(1)) >= 290, run.out());
  }

  @Test
  void drainStopsTheCoordinator() {
    assertEquals(2, coordctl.run("drain").status());
    assertEquals("ok", coordctl.json("health").path("status").asString());
    assertEquals("it has stopped\n", coordctl.table("drain --wait --yes"));
    assertEquals(3, coordctl.run("health").status());
  }

  /** Nacks an action until it is a dead letter. */
  private void giveUp(RawWorker worker, long id) {
    int before = tester.deadLetters().kept().size();
    origin.add(action(id));
    for (int i = 0; i < 3; i++) {
      worker.nack(worker.take());
    }
    await().until(() -> tester.deadLetters().kept().size() > before);
  }

  private static Action action(long id) {
    byte[] payload = ("{\"n\":" + id + "}").getBytes(UTF_8);
    return new Action(id, "user_login", Action.Encoding.JSON, payload, null, Instant.EPOCH);
  }
}
