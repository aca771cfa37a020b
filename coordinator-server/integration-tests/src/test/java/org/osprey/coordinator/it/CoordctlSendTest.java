package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.core.Count;
import org.osprey.coordinator.it.Coordctl.Run;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorAction;
import tools.jackson.databind.JsonNode;

/** coordctl send, and load through the HTTP port, against a whole coordinator. */
@Timeout(120)
class CoordctlSendTest {
  private final CoordinatorTester tester = CoordinatorTester.start();
  private final Coordctl coordctl = new Coordctl(tester);

  @TempDir private Path folder;

  @AfterEach
  void close() {
    tester.close();
  }

  @Test
  void theVerdictsAreShown() {
    tester.worker().ackingAll();
    String table =
        coordctl.table("send --name login --id 18446744073709551615 --data {\"n\":1.10}");
    assertTrue(
        table.matches(
            "id +18446744073709551615\\Rname +login\\R"
                + "verdicts +verdict_for_18446744073709551615\\Rtook .*\\R"),
        table);
    JsonNode json = coordctl.json("send --name login --id 7");
    assertEquals("7", json.path("id").asString());
    assertEquals("verdict_for_7", json.path("verdicts").path(0).asString());
  }

  @Test
  void thePayloadArrivesAsItWasGiven() {
    RawWorker worker = tester.worker();
    Thread sending =
        Thread.ofVirtual().start(() -> coordctl.run("send --name login --data {\"n\":1.10}"));
    OspreyCoordinatorAction action = worker.take();
    assertEquals("login", action.getActionName());
    assertEquals("{\"n\":1.10}", action.getJsonActionData().toStringUtf8());
    worker.ack(action);
    await().until(() -> !sending.isAlive());
  }

  @Test
  void whatGoesWrongIsOneLineAndStatusOne() {
    RawWorker worker = tester.worker();
    worker.handling(worker::nack);
    Run nacked = coordctl.run("send --name login");
    assertEquals(1, nacked.status());
    assertTrue(nacked.err().matches("coordctl: .*nacked.* \\(409 Conflict\\)\\R"), nacked.err());
    Run badId = coordctl.run("send --name login --id -1");
    assertEquals(1, badId.status());
    assertTrue(badId.err().matches("coordctl: id .* \\(400 Bad Request\\)\\R"), badId.err());
    worker.cancel();
    Run late = coordctl.run("send --name login --timeout 50ms");
    assertEquals(1, late.status());
    assertTrue(late.err().matches("coordctl: .* \\(504 Gateway Timeout\\)\\R"), late.err());
  }

  @Test
  void aFileIsSentInBatches() throws IOException {
    tester.worker().ackingAll();
    String lines =
        IntStream.rangeClosed(1, 1_000)
            .mapToObj(id -> id == 700 ? "nonsense\n" : line(id))
            .collect(Collectors.joining());
    Path file = Files.writeString(folder.resolve("actions.ndjson"), lines);
    Path failed = folder.resolve("failed.ndjson");
    Run run = coordctl.run("send --file " + file + " --failed " + failed);
    assertEquals(1, run.status());
    assertTrue(run.out().startsWith("sent 1 k, 1 failed, "), run.out());
    assertTrue(run.err().matches("line 700: .* \\(400\\)\\R"), run.err());
    assertEquals("nonsense\n", Files.readString(failed));
    assertEquals(999, tester.count(Count.SYNC_ACKED));

    List<String> results = coordctl.run("send --file " + file + " -o json").out().lines().toList();
    assertEquals(1_000, results.size());
    assertTrue(results.get(998).startsWith("{\"line\":999,\"status\":200,"), results.get(998));
    assertTrue(results.get(998).contains("\"verdict_for_999\""), results.get(998));
  }

  @Test
  void loadGoesThroughTheHttpPortToo() {
    tester.worker().ackingAll();
    JsonNode report =
        coordctl.json("load --via http --callers 2 --warm-up 0s --duration 1s --name over_http");
    assertTrue(report.path("verdicts").asLong() > 0, report.toString());
    assertEquals(0, report.path("failed").asInt());
    assertEquals(report.path("verdicts").asLong(), tester.count(Count.SYNC_ACKED));
    JsonNode recent = coordctl.json("top -n 1 --poll").path("recent").path(0);
    assertEquals("over_http", recent.path("name").asString());
    assertEquals("http", recent.path("source").asString());
  }

  private static String line(int id) {
    return "{\"id\":\"%d\",\"name\":\"login\",\"data\":{}}\n".formatted(id);
  }
}
