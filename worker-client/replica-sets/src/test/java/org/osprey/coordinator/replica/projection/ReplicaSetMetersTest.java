package org.osprey.coordinator.replica.projection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.replica.TestDatabase;
import org.osprey.coordinator.replica.event.EventStore;
import org.osprey.coordinator.replica.event.NewEvent;
import org.osprey.coordinator.replica.event.PersistedEvent;
import org.osprey.coordinator.replica.event.PostgresEventStore;
import org.postgresql.ds.PGSimpleDataSource;

class ReplicaSetMetersTest {
  private static final Pattern ROW = Pattern.compile("\\| `(replica_sets_\\w+)` \\| (\\w+) \\|.*");
  private static final Pattern SAMPLE = Pattern.compile("(replica_sets_\\w+)\\{([^}]*)\\} (.*)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"[^\"]*\"");

  private final PGSimpleDataSource database = TestDatabase.create();
  private final EventStore store = new PostgresEventStore(database);
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ReplicaSetRunner runner =
      ReplicaSetRunner.builder()
          .dataSource(database)
          .eventStore(store)
          .replicaSet("measured")
          .listenOn(database)
          .meterRegistry(registry)
          .build();

  @AfterEach
  void close() {
    runner.close();
  }

  /** Puts every event of one stream aside. */
  private static final class Choosy implements Projection {
    @Override
    public String name() {
      return "choosy";
    }

    @Override
    public void handle(PersistedEvent event, HandleContext context) {
      if (event.streamId().equals("bad")) {
        throw new IllegalStateException("not this one");
      }
    }

    @Override
    public OnFailure onFailure(PersistedEvent event, Exception failure, int attempt) {
      return OnFailure.PARK;
    }
  }

  private void run() {
    Thread thread = new Thread(() -> runner.run(List.of(new Choosy())));
    thread.setDaemon(true);
    thread.start();
  }

  private void append(String stream, int events) {
    for (int i = 0; i < events; i++) {
      store.append(
          stream, EventStore.ANY_VERSION, List.of(NewEvent.of("counted", "x".getBytes(UTF_8))));
    }
  }

  private Map<String, Double> values() {
    Map<String, Double> values = new TreeMap<>();
    registry
        .scrape()
        .lines()
        .map(SAMPLE::matcher)
        .filter(Matcher::matches)
        .forEach(sample -> values.put(sample.group(1), Double.valueOf(sample.group(3))));
    return values;
  }

  private double value(String name) {
    return values().getOrDefault("replica_sets_" + name, Double.NaN);
  }

  /** The names of the table, each with its labels, sorted. */
  private static Map<String, String> documented() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("README.md"))) {
      return lines
          .map(ROW::matcher)
          .filter(Matcher::matches)
          .collect(
              Collectors.toMap(
                  row -> row.group(1), row -> row.group(2), (a, b) -> a, TreeMap::new));
    }
  }

  private Map<String, String> shown() {
    Map<String, String> shown = new TreeMap<>();
    registry
        .scrape()
        .lines()
        .map(SAMPLE::matcher)
        .filter(Matcher::matches)
        .forEach(
            sample ->
                shown.put(
                    sample.group(1),
                    LABEL
                            .matcher(sample.group(2))
                            .results()
                            .anyMatch(label -> label.group(1).equals("projection"))
                        ? "projection"
                        : "set"));
    return shown;
  }

  @Test
  void theTableOfTheReadmeIsWhatIsShown() throws IOException {
    run();
    await().until(() -> value("workers") == 1);
    assertEquals(documented(), shown());
  }

  @Test
  void whatAWorkerDoesIsCounted() {
    append("good", 30);
    append("bad", 3);
    run();
    await().until(() -> value("events_total") == 30 && value("parked_events_total") == 3);
    await().until(() -> value("listening") == 1);
    await().until(() -> value("workers") == 1 && value("lag_events") == 0);
    Map<String, Double> values = values();
    assertAll(
        () -> assertEquals(1, values.get("replica_sets_generation")),
        () -> assertEquals(1, values.get("replica_sets_generation_changes_total")),
        () -> assertEquals(64, values.get("replica_sets_slots")),
        () -> assertEquals(0, values.get("replica_sets_lag_events")),
        () -> assertEquals(1, values.get("replica_sets_handler_failures_total")),
        () -> assertEquals(1, values.get("replica_sets_batches_total")),
        () -> assertEquals(0, values.get("replica_sets_gap_age_seconds")),
        () -> assertEquals(0, values.get("replica_sets_dead_positions_total")),
        () -> assertEquals(0, values.get("replica_sets_heartbeat_failures_total")),
        () -> assertEquals(0, values.get("replica_sets_coordination_timeouts_total")));
  }

  @Test
  void whatIsWaitedForIsShown() throws SQLException {
    run();
    await().until(() -> value("workers") == 1);
    try (Connection slow = database.getConnection()) {
      slow.setAutoCommit(false);
      PostgresEventStore.append(slow, "slow", 0, List.of(NewEvent.of("counted", new byte[0])));
      append("good", 5);
      await().until(() -> value("lag_events") == 6 && value("gap_age_seconds") > 0);
      double before = value("gap_age_seconds");
      await().until(() -> value("gap_age_seconds") > before);
      slow.rollback();
    }
    await().until(() -> value("events_total") == 5);
    await().until(() -> value("lag_events") == 0 && value("gap_age_seconds") == 0);
    await().until(() -> value("dead_positions_total") == 1);
  }

  @Test
  void nothingIsShownOfARunnerThatIsClosed() {
    run();
    await().until(() -> value("lag_events") == 0);
    runner.close();
    assertEquals(Map.of(), values());
  }
}
