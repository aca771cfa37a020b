package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.InMemoryOrigin;
import org.osprey.coordinator.core.InMemorySource;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.PostgresServer;
import org.osprey.coordinator.nats.NatsServer;
import org.osprey.coordinator.snowflake.LocalIds;
import org.osprey.coordinator.tasks.samples.SampleService.Behaviour;

/** What ships for operators speaks of metrics that a coordinator really has. */
class DashboardTest {
  private static final Path METRICS = Path.of("../../docs/metrics.md");
  private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `([a-z_]+)(?:\\{|`)");

  @TempDir private Path folder;
  private final InMemoryOrigin origin = new InMemoryOrigin();

  @Test
  void everyMetricOfTheDashboardExists() throws IOException {
    Dashboard dashboard = Dashboard.read();
    Set<String> exported = exported();
    assertTrue(dashboard.expressions().size() > 50);
    for (String expression : dashboard.expressions()) {
      Set<String> named = Dashboard.metrics(expression);
      assertTrue(!named.isEmpty(), () -> "names no metric: " + expression);
      named.removeAll(exported);
      assertEquals(Set.of(), named, () -> "no such metric: " + expression);
    }
  }

  @Test
  void anExpressionGivesItsMetrics() {
    assertEquals(
        Set.of("a_seconds_bucket", "b_total"),
        Dashboard.metrics(
            "histogram_quantile(0.99, sum by (le, lane) (rate(a_seconds_bucket{x=~\"$y\"}[5m])))"
                + " / max(b_total{z=\"c\"})"));
  }

  @Test
  void whatIsWrittenOfTheMetricsIsWhatThereIs() throws IOException {
    Set<String> documented = new TreeSet<>();
    Matcher line = DOCUMENTED.matcher(Files.readString(METRICS));
    while (line.find()) {
      documented.add(line.group(1));
    }
    Set<String> exported =
        exported().stream()
            .filter(name -> name.matches("(osprey_coordinator|orchestrator)_.*"))
            .map(name -> name.replaceFirst("^osprey_coordinator_", ""))
            .map(name -> name.replaceFirst("(_seconds|_ms)_(bucket|sum|count)$", "$1"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(exported, documented);
  }

  /** With all that may be there. */
  private Set<String> exported() throws IOException {
    assumeTrue(PostgresServer.isInstalled(), "no PostgreSQL server is installed");
    Set<String> names = scrapeAfterTraffic().names();
    try (PostgresServer postgres = PostgresServer.start();
        TasksFixture tasks =
            new TasksFixture(
                folder, Behaviour.QUICK, "url: \"%s\"".formatted(postgres.newDatabase()))) {
      // Counted by whoever has a share, which there is only in a database that is shared.
      names.addAll(
          await()
              .until(
                  () -> Scrape.of(tasks.url()).names(),
                  found -> found.contains("osprey_coordinator_task_requests_pending")));
    }
    try (NatsServer nats = NatsServer.start();
        StreamsFixture streams = new StreamsFixture(folder, StreamsFixture.over(nats.url()))) {
      names.addAll(Scrape.of(streams.url()).names());
    }
    try (NatsServer nats = NatsServer.start();
        CollectorsFixture collectors =
            new CollectorsFixture(folder, nats.url(), "load: {enabled: true, kind: generator}\n")) {
      names.addAll(
          await()
              .until(
                  () -> Scrape.of(collectors.url()).names(),
                  found -> found.contains("orchestrator_events_published_total")));
    }
    return names;
  }

  /**
   * A call, an action of a source, and a collection of garbage: its metrics come with the first.
   */
  private Scrape scrapeAfterTraffic() {
    try (CoordinatorTester tester =
        new CoordinatorTester.Setup()
            .source(
                new InMemorySource("memory", origin, new InMemoryDeadLetters(), Ticker.system()))
            .ids(LocalIds.reserved())
            .start()) {
      tester.worker().ackingAll();
      tester.caller().call(Caller.request(0).build());
      origin.add(action(7));
      await().until(() -> origin.outcomes().size() == 1);
      assertEquals(1, Scrape.of(tester).value("sync_received_total"));
      await()
          .until(
              () -> {
                System.gc();
                return Scrape.of(tester).names().contains("jvm_gc_pause_seconds_sum");
              });
      return Scrape.of(tester);
    }
  }

  private static Action action(long id) {
    byte[] payload = "{}".getBytes(StandardCharsets.UTF_8);
    return new Action(id, "user_login", Action.Encoding.JSON, payload, null, Instant.EPOCH);
  }
}
