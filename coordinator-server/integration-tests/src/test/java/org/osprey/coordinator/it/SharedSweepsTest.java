package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.database.PostgresServer;
import org.osprey.coordinator.tasks.samples.SampleService.Behaviour;

/** What is done once for all coordinators of a database is done by one of them. */
@Timeout(300)
class SharedSweepsTest {
  private static final String COUNTED = "osprey_coordinator_task_requests_pending";
  private static final String SLOTS = "osprey_coordinator_coordinators_slots_held";

  /**
   * Dead after 8 s, divided anew within 2 s, the next sweep at the latest after 5 s; and a scrape.
   */
  private static final Duration LONGEST_TAKE_OVER = Duration.ofSeconds(17);

  private static PostgresServer server;

  @TempDir private Path folder;
  private String database;

  @BeforeAll
  static void startServer() {
    assumeTrue(PostgresServer.isInstalled(), "no PostgreSQL server is installed");
    server = PostgresServer.start();
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void makeDatabase() {
    database = "url: \"%s\"".formatted(server.newDatabase());
  }

  @Test
  void oneCoordinatorCountsForAllAndAnotherWhenItCloses() {
    try (TasksFixture first = new TasksFixture(folder, Behaviour.QUICK, database)) {
      await().until(() -> counts(first.url()));
      try (TasksFixture second = new TasksFixture(folder, Behaviour.QUICK, database)) {
        await()
            .until(() -> slots(first.url()) + slots(second.url()) == 64 && slots(first.url()) < 64);
        await().until(() -> counts(first.url()) != counts(second.url()));
        TasksFixture counting = counts(first.url()) ? first : second;
        TasksFixture other = counting == first ? second : first;
        counting.close();
        await().until(() -> counts(other.url()));
        assertEquals(64, slots(other.url()));
      }
    }
  }

  @Test
  void whatAKilledCoordinatorSweptIsSweptByAnother() throws Exception {
    String config =
        """
        rpc: {bindAddress: 127.0.0.1}
        http: {bindAddress: 127.0.0.1}
        database: {%s}
        startup: {warmUp: 0s}
        tasks: {enabled: true, retries: 0, retention: 1s}
        """
            .formatted(database);
    try (CoordinatorProcess first = new CoordinatorProcess.Setup(folder, config).start();
        CoordinatorProcess second = new CoordinatorProcess.Setup(folder, config).start()) {
      await().until(() -> slots(url(first)) == 32 && slots(url(second)) == 32);
      await().until(() -> counts(url(first)) != counts(url(second)));
      CoordinatorProcess counting = counts(url(first)) ? first : second;
      CoordinatorProcess left = counting == first ? second : first;
      counting.kill();
      long killed = System.nanoTime();
      await().until(() -> counts(url(left)));
      Duration takeOver = Duration.ofNanos(System.nanoTime() - killed);
      System.out.printf("sweeps take_over_ms=%d%n", takeOver.toMillis());
      assertTrue(takeOver.compareTo(LONGEST_TAKE_OVER) <= 0, takeOver::toString);
      assertEquals(64, slots(url(left)));
      try (TaskClient client = new TaskClient(left::httpPort)) {
        client.submit(1);
        String task = url(left) + "/api/tasks/" + client.accepted().iterator().next();
        assertEquals(200, status(request(task + "/cancel").POST(BodyPublishers.noBody())));
        await().until(() -> status(request(task)) == 404);
      }
    }
  }

  @Test
  void theEmbeddedDatabaseIsSweptWithoutAnybodyToShareWith() {
    try (TasksFixture alone = new TasksFixture(folder, Behaviour.QUICK)) {
      await().until(() -> counts(alone.url()));
      assertEquals(Map.of(), Scrape.of(alone.url()).samples(SLOTS));
    }
  }

  private static String url(CoordinatorProcess process) {
    return "http://127.0.0.1:" + process.httpPort();
  }

  private static HttpRequest.Builder request(String url) {
    return HttpRequest.newBuilder(URI.create(url));
  }

  private static int status(HttpRequest.Builder request) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), BodyHandlers.discarding()).statusCode();
    }
  }

  private static boolean counts(String url) {
    return !Scrape.of(url).samples(COUNTED).isEmpty();
  }

  private static double slots(String url) {
    return Scrape.of(url).samples(SLOTS).values().stream().mapToDouble(value -> value).sum();
  }
}
