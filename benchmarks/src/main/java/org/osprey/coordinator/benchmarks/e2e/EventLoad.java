package org.osprey.coordinator.benchmarks.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collector.Emitter.ClosedException;
import org.osprey.coordinator.collector.Event;
import org.osprey.coordinator.collector.Payload;
import org.osprey.coordinator.collector.Severity;
import org.osprey.coordinator.collectors.flow.Encoded;
import org.osprey.coordinator.collectors.flow.Flow;
import org.osprey.coordinator.collectors.flow.FlowSettings;
import org.osprey.coordinator.collectors.flow.Flows;
import org.osprey.coordinator.collectors.flow.LaneSettings;
import org.osprey.coordinator.collectors.flow.SpillStore;
import org.osprey.coordinator.collectors.flow.WhenFull;
import org.osprey.coordinator.core.Ticker;

/** A flow to nowhere, and threads that emit events of about 300 bytes into it. */
final class EventLoad implements AutoCloseable {
  private static final long BUFFER_BYTES = 256L << 20;
  private static final Duration DRAIN = Duration.ofSeconds(1);

  /** Brings the whole event to about 300 bytes. */
  private static final String TEXT = "x".repeat(80);

  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Flow flow;
  private final int bufferSize;
  private final InstantSource clock = InstantSource.system();
  private final List<Flows.Entry> entries = new ArrayList<>();

  /**
   * @param window of the channels; with 0 all events wait
   */
  EventLoad(int workers, int bufferSize, int window) {
    this.bufferSize = bufferSize;
    FlowSettings settings =
        new FlowSettings(workers, bufferSize, BUFFER_BYTES, 0, DRAIN, List.of(), "bench");
    flow =
        new Flow(
            settings,
            new NullPublisher(window),
            new NullPublisher(window),
            new NoStore(),
            Ticker.system(),
            clock,
            new Random(1));
    flow.start();
  }

  Flow flow() {
    return flow;
  }

  /**
   * @param rate events a second of each; 0 for as many as go
   */
  void generate(int generators, int rate) {
    for (int i = 0; i < generators; i++) {
      Flows.Entry entry = open(i);
      Thread thread = new Thread(() -> generate(entry, rate), "generator-" + i);
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** Returns when all events wait. */
  void fill(int generators, int eventsEach) throws InterruptedException {
    for (int i = 0; i < generators; i++) {
      entries.add(open(i));
    }
    for (Flows.Entry entry : entries) {
      for (int i = 0; i < eventsEach; i++) {
        entry.emit(event(i));
      }
    }
  }

  private Flows.Entry open(int number) {
    return flow.open("generator-" + number, new LaneSettings(bufferSize, WhenFull.BLOCK, true, 1));
  }

  private void generate(Flows.Entry entry, int rate) {
    long start = System.nanoTime();
    try {
      for (long count = 0; ; count++) {
        if (rate > 0) {
          awaitTurn(start, count, rate);
        }
        entry.emit(event(count));
      }
    } catch (ClosedException e) {
      // The end of the measurement.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitTurn(long start, long count, int rate) {
    long due = start + count * 1_000_000_000L / rate;
    while (System.nanoTime() - due < 0) {
      LockSupport.parkNanos(TURN_NANOS);
    }
  }

  /** New as a collector makes it, but for what it reads. */
  private Event event(long count) {
    byte[] payload = ("{\"count\":" + count + ",\"text\":\"" + TEXT + "\"}").getBytes(UTF_8);
    return new Event(
        "bench.generated",
        Severity.INFO,
        clock.instant(),
        Map.of("host", "node-1", "source", "generator"),
        Payload.json(payload));
  }

  @Override
  public void close() {
    flow.close();
  }

  /** Nothing is spilled here, and what is left at the end is forgotten. */
  private static final class NoStore implements SpillStore {
    @Override
    public void append(List<Encoded> batch) {}

    @Override
    public @Nullable Batch next(String collector, @Nullable Batch after) {
      return null;
    }

    @Override
    public void delete(Batch batch) {}

    @Override
    public Map<String, Totals> totals() {
      return Map.of();
    }
  }
}
