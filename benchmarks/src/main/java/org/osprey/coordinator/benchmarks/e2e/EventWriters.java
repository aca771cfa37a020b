package org.osprey.coordinator.benchmarks.e2e;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import org.osprey.coordinator.replica.event.EventStore;
import org.osprey.coordinator.replica.event.NewEvent;

/** Appends events of 200 bytes to 500 streams, as many as go. */
final class EventWriters {
  private static final int STREAMS = 500;
  private static final int SIZE = 200;
  private static final NewEvent EVENT = NewEvent.of("order-changed", new byte[SIZE]);

  private final EventStore store;
  private final int writers;
  private final List<NewEvent> events;

  /**
   * @param events of each append
   */
  EventWriters(EventStore store, int writers, int events) {
    this.store = store;
    this.writers = writers;
    this.events = Collections.nCopies(events, EVENT);
  }

  /**
   * @return events in a second
   */
  double rate(double seconds) throws InterruptedException, ExecutionException {
    long began = System.nanoTime();
    long until = began + (long) (seconds * 1e9);
    LongAdder appended = new LongAdder();
    try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
      List<Future<?>> running = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        SplittableRandom random = new SplittableRandom(writer);
        running.add(
            threads.submit(
                () -> {
                  while (System.nanoTime() < until) {
                    append(random);
                    appended.add(events.size());
                  }
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
    return appended.sum() * 1e9 / (System.nanoTime() - began);
  }

  /** One append to some stream. */
  void append(SplittableRandom random) {
    store.append("stream-" + random.nextInt(STREAMS), EventStore.ANY_VERSION, events);
  }
}
