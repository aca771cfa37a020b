package org.osprey.coordinator.collectors.flow;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.osprey.coordinator.collector.Event;
import org.osprey.coordinator.collector.Payload;
import org.osprey.coordinator.collector.Severity;
import org.osprey.coordinator.core.Ticker;

/** A flow with everything around it; closing it asserts that no event is missing in a ledger. */
final class FlowTester implements AutoCloseable {
  static final Duration DRAIN = Duration.ofMillis(200);
  static final int BUFFER = 1_000;

  final RecordingPublisher subjects = new RecordingPublisher();
  final RecordingPublisher actions = new RecordingPublisher();
  final InMemorySpillStore store;
  final AtomicInteger settled = new AtomicInteger();
  final Flow flow;
  private final List<Thread> threads = new ArrayList<>();

  FlowTester(FlowSettings settings) {
    this(settings, new InMemorySpillStore());
  }

  FlowTester(FlowSettings settings, InMemorySpillStore store) {
    this.store = store;
    flow =
        new Flow(
            settings,
            subjects,
            actions,
            store,
            Ticker.system(),
            InstantSource.system(),
            new Random(1));
  }

  static FlowTester started() {
    FlowTester tester = new FlowTester(settings(2));
    tester.flow.start();
    return tester;
  }

  static FlowTester started(FlowSettings settings, InMemorySpillStore store) {
    FlowTester tester = new FlowTester(settings, store);
    tester.flow.start();
    return tester;
  }

  static FlowSettings settings(int workers, Route... routes) {
    return new FlowSettings(
        workers,
        BUFFER,
        16 * 1024 * 1024,
        64 * 1024 * 1024,
        DRAIN,
        List.of(routes),
        "events.{collector}");
  }

  static LaneSettings lane(int size, WhenFull whenFull) {
    return new LaneSettings(size, whenFull, true, 1);
  }

  static Event event(String type) {
    return new Event(
        type,
        Severity.INFO,
        Instant.ofEpochSecond(1_700_000_000),
        Map.of("host", "a"),
        Payload.NONE);
  }

  void emit(Flows.Entry entry, int events) throws InterruptedException {
    emit(entry, "test", events);
  }

  void emit(Flows.Entry entry, String type, int events) throws InterruptedException {
    for (int i = 0; i < events; i++) {
      entry.emit(event(type), settled::incrementAndGet);
    }
  }

  /** Emits on a thread of its own, which ends when the way in is closed. */
  Thread emitBeside(Flows.Entry entry, int events) {
    Thread thread =
        new Thread(
            () -> {
              try {
                emit(entry, events);
              } catch (InterruptedException | IllegalStateException e) {
                Thread.currentThread().interrupt();
              }
            });
    threads.add(thread);
    thread.start();
    return thread;
  }

  LaneStats stats(String collector) {
    return flow.stats().stream()
        .filter(stats -> stats.collector().equals(collector))
        .findFirst()
        .orElseThrow();
  }

  void assertBalanced() {
    flow.stats().forEach(stats -> assertEquals(0, stats.imbalance(), stats::toString));
  }

  @Override
  public void close() {
    assertBalanced();
    flow.close();
    await().until(() -> threads.stream().noneMatch(Thread::isAlive));
    assertBalanced();
    flow.stats().forEach(stats -> assertEquals(0, stats.queued(), stats::toString));
  }
}
