package org.osprey.coordinator.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osprey.coordinator.ctl.api.Json;

/** The live view of pictures that a coordinator sends. */
@Timeout(120)
class TopTest {
  private static final String FIRST =
      """
      {"time":"2026-11-21T10:00:00.5Z","status":"running",\
      "queue":{"lanes":{"sync":{"waiting":1200,"unfinished":3,"bytes":2048,"oldest_seconds":200}},\
      "leased":4,"connected":2,"waiting_streams":1,"counts":{"sync_acked":100,"async_acked":5}},\
      "latency":{"sync":{"count":3,"p50":0.0012,"p99":0.25},"async":{"count":0}},\
      "sources":[{"name":"kafka","paused":true,"healthy":true,"detail":"ok"}],\
      "workers":[{"id":"7","client_id":"bad\\u001b[31m","in_flight":1,"credits":1}],\
      "recent":[{"id":"18446744073709551615","name":"login","lane":"sync","outcome":"nacked"}],\
      "checks":[{"component":"database","healthy":false,"detail":"gone"}]}\
      """;
  private static final String SECOND =
      FIRST
          .replace("10:00:00.5Z", "10:00:02.5Z")
          .replace("\"sync_acked\":100", "\"sync_acked\":3100");

  private final FakeCoordinator fake = new FakeCoordinator();

  @BeforeEach
  void sendTwoPictures() {
    String events =
        ": hello\n\nevent: picture\ndata: "
            + FIRST
            + "\n\nevent: other\ndata: {}\n\n"
            + "event: picture\ndata: "
            + SECOND
            + "\n\n";
    fake.answering("/api/events", 200, "text/event-stream;charset=utf-8", events);
  }

  @AfterEach
  void close() {
    fake.close();
  }

  @Test
  void aPictureShowsWhatMatters() {
    Shell.Run run = top("-n", "2");
    assertEquals(0, run.status(), run.err());
    for (String want :
        List.of(
            "running  " + fake.url() + "  10:00:02",
            "done 1.5 k/s",
            "sync p50 1.2 ms p99 250 ms",
            "out 4  delayed 0  held 0  settling 0  streams 2, 1 free",
            "failing: database: gone",
            "sync     1.2 k           3  2 KiB  3m 20s",
            "kafka  paused  ok",
            "bad?[31m",
            "18446744073709551615  login  sync")) {
      assertTrue(run.out().contains(want), () -> want + " in\n" + run.out());
    }
    assertFalse(run.out().contains("\u001b"), run.out());
  }

  @Test
  void jsonIsOnePictureOnEachLine() {
    Shell.Run run = top("-n", "2", "-o", "json");
    assertEquals(0, run.status(), run.err());
    assertEquals(
        List.of(Json.read(FIRST), Json.read(SECOND)), run.out().lines().map(Json::read).toList());
  }

  @Test
  void onATerminalEachPictureFillsTheScreenAndNoMore() {
    Shell.Run run = shell().terminal(40, 8).typing("").run("top", "-n", "1");
    String frame = run.out().replaceAll("^.*\u001b\\[H", "").replaceAll("\u001b\\[J.*$", "");
    List<String> lines =
        frame.lines().map(line -> line.replaceAll("\u001b\\[[0-9;?]*[a-zA-Z]", "")).toList();
    assertEquals(8, lines.size(), frame);
    assertTrue(lines.stream().allMatch(line -> line.length() <= 40), frame);
    assertTrue(run.out().startsWith("\u001b[?1049h"), "goes to the other screen");
    assertTrue(run.out().endsWith("\u001b[?1049l"), "and comes back");
  }

  @Test
  void theEndOfTheStreamIsAnError() {
    Shell.Run run = top();
    assertEquals(4, run.status());
    assertTrue(run.err().contains("the coordinator ended the stream of events"), run.err());
  }

  @Test
  void aCoordinatorThatSendsNoneIsAsked() {
    fake.answering("/api/events", 503, "application/problem+json", "{}");
    fake.answering("/health", 200, "application/json", "{\"status\":\"ok\",\"checks\":[]}");
    fake.answering("/api/queue", 200, "application/json", "{\"leased\":4}");
    fake.answering("/api/sources", 200, "application/json", "{\"sources\":[]}");
    fake.answering("/api/workers", 200, "application/json", "{\"workers\":[]}");
    fake.answering("/api/actions/recent", 200, "application/json", "{\"actions\":[]}");
    Shell.Run run = top("-n", "2", "--interval", "1ms");
    assertEquals(0, run.status(), run.err());
    assertEquals(2, run.out().split("out 4 ", -1).length - 1);
  }

  private Shell shell() {
    return new Shell().variable("OSPREY_COORDINATOR_URL", fake.url());
  }

  private Shell.Run top(String... words) {
    String[] all = new String[words.length + 1];
    all[0] = "top";
    System.arraycopy(words, 0, all, 1, words.length);
    return shell().run(all);
  }
}
