package org.osprey.coordinator.replica.projection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osprey.coordinator.replica.TestDatabase;
import org.osprey.coordinator.replica.event.EventStore;
import org.osprey.coordinator.replica.event.NewEvent;
import org.osprey.coordinator.replica.event.PersistedEvent;
import org.osprey.coordinator.replica.event.PostgresEventStore;
import org.postgresql.ds.PGSimpleDataSource;

/** Where and when a runner looks for events, and how it ends. */
@Timeout(120)
class RunnerStartTest {
  private static final int ROUNDS = 3;

  /** By then it waits for two seconds between its looks: 200, 400, 800, 1,600 ms came before. */
  private static final Duration IDLE = Duration.ofMillis(3_100);

  /** A runner which only polls would wait longer each time: for 1.9 s. */
  private static final Duration POLLING = Duration.ofMillis(1_500);

  private final PGSimpleDataSource database = TestDatabase.create();
  private final PostgresEventStore store = new PostgresEventStore(database);

  private ReplicaSetRunner.Builder settings() {
    return ReplicaSetRunner.builder().dataSource(database).eventStore(store).replicaSet("starting");
  }

  private static void start(ReplicaSetRunner runner, Projection projection) {
    Thread thread = new Thread(() -> runner.run(List.of(projection)));
    thread.setDaemon(true);
    thread.start();
  }

  private void append(int events) {
    for (int i = 0; i < events; i++) {
      store.append(
          "stream-" + i, EventStore.ANY_VERSION, List.of(NewEvent.of("x", "y".getBytes(UTF_8))));
    }
  }

  @Test
  void aProjectionThatBeginsAtTheTailSeesWhatIsAppendedLater() throws SQLException {
    Effects.createTable(database);
    Effects effects = new Effects("tail");
    append(10);
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (ReplicaSetRunner runner = settings().startAtTail().meterRegistry(registry).build()) {
      start(runner, effects);
      await()
          .until(
              () ->
                  registry.find("replica_sets.lag").gauges().stream()
                      .anyMatch(gauge -> gauge.value() == 0));
      append(5);
      await().until(() -> effects.greatest(database) == 15);
      assertEquals(5, effects.count(database));
    }
    append(5);
    try (ReplicaSetRunner runner = settings().startAtTail().build()) {
      // It has begun before, so it goes on where it was.
      start(runner, effects);
      await().until(() -> effects.count(database) == 10);
    }
  }

  private static boolean listening(SimpleMeterRegistry registry) {
    return registry.find("replica_sets.listening").gauges().stream()
        .anyMatch(gauge -> gauge.value() == 1);
  }

  @Test
  void aRunnerThatWasNeverRunCanBeClosed() {
    ReplicaSetRunner runner = settings().build();
    runner.close();
  }

  @Test
  void aRunnerThatRefusedItsProjectionsCanBeClosed() {
    ReplicaSetRunner runner = settings().build();
    assertThrows(
        IllegalArgumentException.class,
        () -> runner.run(List.of(new Effects("same"), new Effects("same"))));
    runner.close();
  }

  /** Polling alone would look every two seconds after a while. */
  @Test
  void aRunnerThatListensLooksWhenItIsTold() {
    AtomicInteger handled = new AtomicInteger();
    Projection counting =
        new Projection() {
          @Override
          public String name() {
            return "counting";
          }

          @Override
          public void handle(PersistedEvent event, HandleContext context) {
            handled.incrementAndGet();
          }
        };
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (ReplicaSetRunner runner = settings().listenOn(database).meterRegistry(registry).build()) {
      start(runner, counting);
      await().until(() -> listening(registry));
      Duration shortest = IDLE;
      for (int round = 0; round < ROUNDS; round++) {
        int before = handled.get();
        await().pollDelay(IDLE).until(() -> true);
        long began = System.nanoTime();
        append(1);
        await().until(() -> handled.get() == before + 1);
        Duration waited = Duration.ofNanos(System.nanoTime() - began);
        shortest = waited.compareTo(shortest) < 0 ? waited : shortest;
      }
      assertTrue(shortest.compareTo(POLLING) < 0, "waited " + shortest);
    }
  }
}
