package org.osprey.coordinator.benchmarks.e2e;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.osprey.coordinator.replica.event.EventStore;
import org.osprey.coordinator.replica.event.NewEvent;
import org.osprey.coordinator.replica.event.PersistedEvent;
import org.osprey.coordinator.replica.event.PostgresEventStore;
import org.osprey.coordinator.replica.projection.HandleContext;
import org.osprey.coordinator.replica.projection.Projection;
import org.osprey.coordinator.replica.projection.ReplicaSetRunner;

/** From the beginning of an append to the call of a handler, at a rate of appends. */
final class HandlingLatency {
  private static final int WARM_UP = 500;
  private static final int WARM_UP_PER_SECOND = 500;

  /** By then what was appended before has been handled. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final DataSource database;
  private final PostgresEventStore store;
  private final boolean listening;

  HandlingLatency(DataSource database, PostgresEventStore store, boolean listening) {
    this.database = database;
    this.store = store;
    this.listening = listening;
  }

  /** Its events carry the moment at which they were appended. */
  private record Measuring(Latencies latencies) implements Projection {
    @Override
    public String name() {
      return "measuring";
    }

    @Override
    public void handle(PersistedEvent event, HandleContext context) {
      latencies.add(System.nanoTime() - ByteBuffer.wrap(event.data()).getLong());
    }
  }

  /**
   * @param perSecond appends, at random moments
   */
  Latencies measure(String replicaSet, int perSecond, double seconds) throws InterruptedException {
    Latencies latencies = new Latencies();
    ReplicaSetRunner.Builder settings =
        ReplicaSetRunner.builder()
            .dataSource(database)
            .eventStore(store)
            .replicaSet(replicaSet)
            .startAtTail();
    if (listening) {
      settings.listenOn(database);
    }
    ReplicaSetRunner runner = settings.build();
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      threads.execute(() -> runner.run(List.of(new Measuring(latencies))));
      try {
        SplittableRandom random = new SplittableRandom(1);
        // Until it has begun, and a little longer, events are of no account.
        while (latencies.count() < WARM_UP) {
          append(random, WARM_UP_PER_SECOND);
        }
        TimeUnit.NANOSECONDS.sleep(LONGEST_PAUSE.toNanos());
        latencies.clear();
        long until = System.nanoTime() + (long) (seconds * 1e9);
        while (System.nanoTime() < until) {
          append(random, perSecond);
        }
        return latencies;
      } finally {
        runner.close();
      }
    }
  }

  private void append(SplittableRandom random, int perSecond) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(random.nextLong(2_000_000_000L / perSecond));
    byte[] now = ByteBuffer.allocate(Long.BYTES).putLong(System.nanoTime()).array();
    store.append(
        "timed-" + random.nextInt(500), EventStore.ANY_VERSION, List.of(NewEvent.of("timed", now)));
  }
}
