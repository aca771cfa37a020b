package org.osprey.coordinator.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osprey.coordinator.ctl.api.Http;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.console.Failure;

/** What is said, and with which status, when things go wrong. */
@Timeout(120)
class FaultsTest {
  private static final String PROBLEM = "application/problem+json";

  private final FakeCoordinator fake = new FakeCoordinator();

  @AfterEach
  void close() {
    fake.close();
  }

  @Test
  void aRefusalIsOneLineWithItsStatusAndWhenToTryAgain() {
    fake.answering(
        "/api/queue",
        new FakeCoordinator.Answer(
            503,
            PROBLEM,
            "{\"title\":\"Service Unavailable\",\"detail\":\"it is\\ndraining \\u001b[31m\"}",
            Map.of("Retry-After", "2")));
    assertEquals(
        new Shell.Run(
            1,
            "",
            "coordctl: it is?draining ?[31m (503 Service Unavailable); try again in 2 s"
                + System.lineSeparator()),
        ask("queue"));
  }

  @Test
  void aRefusalWithoutADetailSaysItsTitle() {
    fake.answering("/api/queue", 403, PROBLEM, "{\"title\":\"Forbidden\"}");
    assertEquals(error(1, "refused (403 Forbidden)"), ask("queue"));
  }

  @Test
  void aClosedPortIsNoConnection() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    String url = "http://127.0.0.1:" + free;
    Shell.Run run = new Shell().variable("OSPREY_COORDINATOR_URL", url).run("health");
    assertEquals(3, run.status());
    assertTrue(
        run.err().startsWith("coordctl: cannot connect to " + url + ": connection refused"),
        run.err());
    assertEquals(1, run.err().lines().count());
  }

  @Test
  void anUnknownHostIsNoConnection() {
    Shell.Run run = new Shell().run("health", "--url", "http://no-such-host.invalid:1");
    assertEquals(3, run.status());
    assertTrue(run.err().contains("no such host"), run.err());
  }

  @Test
  void anotherServerIsNoCoordinator() {
    fake.answering("/api/queue", 200, "text/html", "<html>");
    assertEquals(
        error(4, fake.url() + " does not answer as a coordinator: its answer is no JSON"),
        ask("queue"));
    assertEquals(
        error(4, fake.url() + " does not answer as a coordinator: HTTP status 404"),
        ask("sources"));
    fake.answering("/health", 503, "text/html", "<html>");
    assertEquals(
        error(4, fake.url() + " does not answer as a coordinator: HTTP status 503"), ask("health"));
  }

  @Test
  void aBrokenAnswerIsNone() {
    fake.answering("/api/queue", 200, "application/json", "{\"lanes\":");
    assertEquals(
        error(4, fake.url() + " does not answer as a coordinator: its answer is broken JSON"),
        ask("queue"));
  }

  @Test
  void aConnectionThatBreaksLeavesOpenWhatHappened() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread hangUp = Thread.ofVirtual().start(() -> hangUp(server));
      String url = "http://127.0.0.1:" + server.getLocalPort();
      Shell.Run run = new Shell().run("drain", "--yes", "--url", url);
      assertEquals(4, run.status(), run.err());
      assertTrue(run.err().startsWith("coordctl: the connection to " + url + " broke"), run.err());
      hangUp.join();
    }
  }

  @Test
  void aSlowAnswerIsNotWaitedForForEver() throws Exception {
    // Accepts through its backlog, and never answers.
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      URI url = URI.create("http://127.0.0.1:" + server.getLocalPort());
      Http http = new Http(url);
      Failure failure =
          Assertions.assertThrows(
              Failure.class,
              () -> http.send(http.request("/api/queue").build(), Duration.ofMillis(50)));
      assertEquals(Exit.NO_ANSWER, failure.exit());
      assertEquals(url + " did not answer within 50 ms", failure.line());
    }
  }

  @Test
  void aUrlThatIsNoneIsBadUsage() {
    for (String url : new String[] {"localhost:19952", "ftp://localhost", "http://", "a b"}) {
      assertEquals(
          error(2, "--url: want a URL such as http://localhost:19952, got '" + url + "'"),
          new Shell().run("health", "--url", url));
    }
    assertEquals(
        error(
            2, "OSPREY_COORDINATOR_URL: want a URL such as http://localhost:19952, got 'nonsense'"),
        new Shell().variable("OSPREY_COORDINATOR_URL", "nonsense").run("queue"));
  }

  @Test
  void whatIsMissingInAnAnswerIsEmpty() {
    fake.answering("/api/workers", 200, "application/json", "{\"workers\":[{\"id\":\"1\"}]}");
    Shell.Run run = ask("workers");
    assertEquals(0, run.status(), run.err());
    assertTrue(run.out().contains(" 1"), run.out());
  }

  private Shell.Run ask(String... words) {
    return new Shell().variable("OSPREY_COORDINATOR_URL", fake.url() + "/").run(words);
  }

  private static Shell.Run error(int status, String line) {
    return new Shell.Run(status, "", "coordctl: " + line + System.lineSeparator());
  }

  private static void hangUp(ServerSocket server) {
    try {
      server.accept().close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
