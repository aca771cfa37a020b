package org.osprey.coordinator.benchmarks.e2e;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.osprey.coordinator.collectors.flow.Flow;
import org.osprey.coordinator.collectors.flow.FlowSettings;
import org.osprey.coordinator.collectors.flow.LaneStats;
import org.osprey.coordinator.collectors.nats.JetStreamMode;
import org.osprey.coordinator.collectors.nats.NatsPublisher;
import org.osprey.coordinator.collectors.nats.NatsPublisherSettings;
import org.osprey.coordinator.collectors.store.DatabaseSpill;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.DatabaseSettings;
import org.osprey.coordinator.nats.NatsConnectionSettings;

/** The way of events from collectors to NATS, as a coordinator puts it together. */
final class LocalCollectors implements AutoCloseable {
  private static final int BUFFER_SIZE = 100_000;
  private static final long BUFFER_BYTES = 64 << 20;
  private static final long SPILL_BYTES = 1 << 30;
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private final Database database;
  private final NatsPublisher publisher;
  private final Flow flow;

  LocalCollectors(Path file, String url, JetStreamMode mode, int workers, String subject) {
    Ticker ticker = Ticker.system();
    database =
        new Database(
            DatabaseSettings.builder().file(file).build(),
            List.of(DatabaseSpill.FEATURE),
            ticker,
            new Random());
    publisher =
        new NatsPublisher(
            new NatsPublisherSettings(NatsConnectionSettings.of(url), mode, 5),
            ticker,
            new Random(),
            ThreadLocalRandom.current()::nextDouble);
    FlowSettings settings =
        new FlowSettings(
            workers, BUFFER_SIZE, BUFFER_BYTES, SPILL_BYTES, DRAIN, List.of(), subject);
    // No event goes to the queue of actions.
    flow =
        new Flow(
            settings,
            publisher,
            publisher,
            new DatabaseSpill(database, ticker),
            ticker,
            InstantSource.system(),
            new Random());
    database.start();
    publisher.start();
    flow.start();
  }

  Flow flow() {
    return flow;
  }

  long lost() {
    return flow.stats().stream().mapToLong(LaneStats::droppedTotal).sum();
  }

  @Override
  public void close() {
    flow.close();
    publisher.close();
    database.close();
  }
}
