package org.osprey.coordinator.benchmarks.e2e;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.osprey.coordinator.collector.Emitter;
import org.osprey.coordinator.collector.Event;
import org.osprey.coordinator.collector.Payload;
import org.osprey.coordinator.collector.Severity;
import org.osprey.coordinator.collectors.flow.Flows;
import org.osprey.coordinator.collectors.flow.LaneSettings;
import org.osprey.coordinator.collectors.flow.WhenFull;

/** Threads that each emit the events of one collector, as many as go or at a rate. */
final class EventGenerators implements AutoCloseable {
  private static final int BUFFER_SIZE = 10_000;
  private static final long TICK_NANOS = Duration.ofMillis(1).toNanos();
  private static final double NANOS_PER_SECOND = 1e9;

  private final List<Flows.Entry> entries = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopping;

  /**
   * @param perSecond of all together; 0 for as many as go
   * @param padding of each event, in bytes
   */
  EventGenerators(Flows flows, int count, double perSecond, int padding) {
    String text = "x".repeat(padding);
    for (int i = 0; i < count; i++) {
      Flows.Entry entry =
          flows.open("generator-" + i, new LaneSettings(BUFFER_SIZE, WhenFull.BLOCK, true, 1));
      entries.add(entry);
      threads.add(
          Thread.ofPlatform()
              .daemon()
              .name("generator-" + i)
              .unstarted(() -> generate(entry, perSecond / count, text)));
    }
  }

  void start() {
    threads.forEach(Thread::start);
  }

  static Event event(String padding) {
    return new Event(
        "generator.event",
        Severity.INFO,
        Instant.now(),
        Map.of("host", "bench"),
        Payload.text(padding));
  }

  private void generate(Emitter emitter, double perSecond, String padding) {
    long begin = System.nanoTime();
    long emitted = 0;
    try {
      while (!stopping) {
        if (perSecond > 0
            && emitted >= (System.nanoTime() - begin) / NANOS_PER_SECOND * perSecond) {
          LockSupport.parkNanos(TICK_NANOS);
        } else {
          emitter.emit(event(padding));
          emitted++;
        }
      }
    } catch (Emitter.ClosedException e) {
      // The measurement is over.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stopping = true;
    entries.forEach(Flows.Entry::close);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
