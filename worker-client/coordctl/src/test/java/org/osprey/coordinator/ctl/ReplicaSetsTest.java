package org.osprey.coordinator.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.ctl.FakeCoordinator.Request;
import org.osprey.coordinator.ctl.api.Json;

/** What goes out for replica sets, and what is made of the answers. */
class ReplicaSetsTest {
  private static final String JSON = "application/json";
  private static final String LIST =
      """
      {"replica_sets":[{"name":"main","generation":7,"since":"2026-11-22T03:00:00.123Z",\
      "complete":true,"workers":{"running":3,"waiting":1},"projections":2,"lag":1200,"parked":4},\
      {"name":"idle","generation":9,"since":"2026-11-22T03:00:00Z","complete":false,"workers":{},\
      "projections":0,"lag":0,"parked":0}]}\
      """;
  private static final String MAIN =
      """
      {"name":"main","generation":7,"since":"2026-11-22T03:00:00Z","complete":false,"slots":64,\
      "last_position":1200,"workers":[{"name":"a","state":"running","partition":0,"slots":[0,2],\
      "silent_seconds":1.25},{"name":"b","state":"waiting","slots":[],"silent_seconds":0}],\
      "projections":[{"name":"users","position":0,"furthest":9,"lag":1200,"parked":4}]}\
      """;
  private static final String PARKED =
      """
      {"parked":[{"position":3,"stream_id":"order 1","error":"no\\u001b user","released":false,\
      "parked_at":"2026-11-22T03:00:00Z"},{"position":4,"stream_id":"order 1","error":"",\
      "released":true,"parked_at":"2026-11-22T03:00:00Z"}]}\
      """;

  private final FakeCoordinator fake = new FakeCoordinator();

  @AfterEach
  void close() {
    fake.close();
  }

  @Test
  void replicaSetsAreListed() {
    fake.answering("/api/replica-sets", 200, JSON, LIST);
    Shell.Run run = replicaSets("list");
    assertEquals(0, run.status(), run.err());
    List<String> lines = run.out().lines().toList();
    assertEquals(
        List.of(
            "main",
            "complete",
            "3 running, 1 waiting",
            "7",
            "2026-11-22T03:00:00Z",
            "2",
            "1.2 k",
            "4"),
        words(lines.get(1)));
    assertEquals(
        List.of("idle", "not complete", "none", "9", "2026-11-22T03:00:00Z", "0", "0", "0"),
        words(lines.get(2)));
    assertEquals(Json.read(LIST), Json.read(replicaSets("list", "-o", "json").out()));
    fake.answering("/api/replica-sets", 200, JSON, "{\"replica_sets\":[]}");
    assertEquals(new Shell.Run(0, "no replica sets\n", ""), replicaSets("list"));
  }

  @Test
  void oneIsShownWithItsWorkersAndProjections() {
    fake.answering("/api/replica-sets/main", 200, JSON, MAIN);
    Shell.Run run = replicaSets("show", "main");
    assertEquals(0, run.status(), run.err());
    List<String> lines = run.out().lines().toList();
    assertTrue(lines.contains("last position  1200"), run.out());
    assertEquals(List.of("a", "running", "0", "2", "1.3 s ago"), words(lines.get(7)));
    assertEquals(List.of("b", "waiting", "0", "0 s ago"), words(lines.get(8)));
    assertEquals(List.of("users", "0", "9", "1.2 k", "4"), words(lines.get(10)));
    assertEquals(Json.read(MAIN), Json.read(replicaSets("show", "main", "-o", "json").out()));
    fake.answering(
        "/api/replica-sets/main",
        200,
        JSON,
        "{\"name\":\"main\",\"workers\":[],\"projections\":[]}");
    assertTrue(replicaSets("show", "main").out().endsWith("no workers\nno projections\n"));
  }

  @Test
  void parkedEventsAreListed() {
    fake.answering("/api/replica-sets/main/projections/a b/parked", 200, JSON, PARKED);
    Shell.Run run = replicaSets("parked", "main", "a b", "--limit", "7");
    assertEquals(0, run.status(), run.err());
    List<String> lines = run.out().lines().toList();
    assertEquals(
        List.of("3", "order 1", "parked", "2026-11-22T03:00:00Z", "no? user"), words(lines.get(1)));
    assertEquals(List.of("4", "order 1", "released", "2026-11-22T03:00:00Z"), words(lines.get(2)));
    assertEquals(
        "GET /api/replica-sets/main/projections/a%20b/parked?limit=7",
        fake.requests().getFirst().line());
    fake.answering("/api/replica-sets/main/projections/a b/parked", 200, JSON, "{\"parked\":[]}");
    assertEquals("nothing is parked\n", replicaSets("parked", "main", "a b").out());
  }

  @Test
  void streamsAreReleasedOneAfterTheOther() {
    fake.answering(
        "/api/replica-sets/main/projections/users/release", 200, JSON, "{\"released\":2}");
    Shell.Run run = replicaSets("release", "main", "users", "order/1", "order 2");
    assertEquals(new Shell.Run(0, "released: 4\n", ""), run);
    assertEquals(
        List.of("{\"stream_id\":\"order/1\"}", "{\"stream_id\":\"order 2\"}"),
        fake.requests().stream().map(Request::body).toList());
    assertEquals(
        "{\"released\":2}",
        Json.line(
            Json.read(replicaSets("release", "main", "users", "a", "--output", "json").out())));
    assertEquals(2, replicaSets("release", "main", "users").status());
  }

  @Test
  void aResetAsksFirst() {
    String path = "/api/replica-sets/main/projections/users/reset";
    fake.answering(path, 200, JSON, MAIN);
    assertEquals(2, replicaSets("reset", "main", "users", "--position", "0").status());
    assertEquals(2, replicaSets("reset", "main", "users", "--yes").status());
    assertEquals(List.of(), fake.requests());
    Shell.Run run = replicaSets("reset", "main", "users", "--position", "17", "--yes");
    assertEquals(0, run.status(), run.err());
    assertTrue(run.out().startsWith("PROJECTION "), run.out());
    assertEquals(List.of(new Request("POST " + path, JSON, "{\"position\":17}")), fake.requests());
  }

  @Test
  void whereThereAreNoneItSaysWhy() {
    fake.answering(
        "/api/replica-sets",
        501,
        "application/problem+json",
        "{\"title\":\"Not Implemented\",\"status\":501,\"detail\":\"replica sets need PostgreSQL\"}");
    assertEquals(
        new Shell.Run(1, "", "coordctl: replica sets need PostgreSQL (501 Not Implemented)\n"),
        replicaSets("list"));
  }

  private Shell.Run replicaSets(String... words) {
    List<String> command = new ArrayList<>(List.of("replica-sets"));
    command.addAll(List.of(words));
    return new Shell()
        .variable("OSPREY_COORDINATOR_URL", fake.url())
        .run(command.toArray(String[]::new));
  }

  private static List<String> words(String line) {
    return List.of(line.strip().split(" {2,}"));
  }
}
