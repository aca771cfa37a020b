package org.osprey.coordinator.benchmarks.e2e;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.HistogramStats;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.DatabaseSettings;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;
import org.osprey.coordinator.streams.InMemoryTransport;
import org.osprey.coordinator.streams.StreamCommands;
import org.osprey.coordinator.streams.StreamEngine;
import org.osprey.coordinator.streams.StreamRouter;
import org.osprey.coordinator.streams.StreamSettings;
import org.osprey.coordinator.streams.Transport;
import org.osprey.coordinator.streams.store.DatabaseSnapshots;
import org.osprey.coordinator.streams.store.LeasedOwnership;

/** The streams of a coordinator on its own, as it puts them together, without its ports. */
final class LocalStreams implements AutoCloseable {
  private static final String INSTANCE = "bench";

  private final InMemoryTransport transport = new InMemoryTransport();
  private final StreamEngine engine;
  private final List<Component> components;

  /**
   * @param file of the embedded database
   */
  LocalStreams(Path file) {
    Database database =
        new Database(
            DatabaseSettings.builder().file(file).build(),
            List.of(DatabaseSnapshots.FEATURE),
            Ticker.system(),
            new Random());
    DatabaseSnapshots snapshots = new DatabaseSnapshots(database, INSTANCE);
    LeasedOwnership ownership =
        new LeasedOwnership(
            database,
            snapshots,
            INSTANCE,
            Duration.ofSeconds(2),
            Duration.ofSeconds(7),
            Ticker.system());
    engine =
        new StreamEngine(
            StreamSettings.DEFAULTS,
            INSTANCE,
            transport,
            snapshots,
            ownership,
            action -> CompletableFuture.allOf(),
            Ticker.system(),
            InstantSource.system(),
            new Random());
    StreamRouter router =
        new StreamRouter(
            ownership, engine, transport, INSTANCE, Duration.ofSeconds(12), Ticker.system());
    ownership.tell(engine);
    transport.serve(router);
    transport.serveAs(INSTANCE, engine);
    components = List.of(transport, database, engine, ownership, router);
    components.forEach(Component::start);
  }

  StreamCommands commands() {
    return transport.streams();
  }

  Transport.Watch watch(String streamId, Consumer<StateUpdate> listener) {
    return transport.watch(streamId, listener).toCompletableFuture().join();
  }

  /** What the engine itself says of how late it is, up to a second ago. */
  HistogramStats lateness() {
    LatenessOnly figures = new LatenessOnly();
    engine.tell(figures);
    return figures.lateness;
  }

  @Override
  public void close() {
    components.reversed().forEach(Component::close);
  }

  private static final class LatenessOnly implements Figures {
    private HistogramStats lateness = new HistogramStats(new long[HistogramStats.BOUNDS + 1], 0);

    @Override
    public void histogram(String name, String help, HistogramStats durations, String... labels) {
      if (name.equals("streams_lateness_seconds")) {
        lateness = lateness.plus(durations);
      }
    }

    @Override
    public void counter(String name, String help, long value, String... labels) {}

    @Override
    public void gauge(String name, String help, double value, String... labels) {}
  }
}
