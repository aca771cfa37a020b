package org.osprey.coordinator.worker;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** The live side of {@link WorkerStats}; any thread may count. */
final class Counters {
  private final AtomicInteger streamsConnected = new AtomicInteger();
  private final LongAdder received = new LongAdder();
  private final LongAdder acked = new LongAdder();
  private final LongAdder nacked = new LongAdder();
  private final LongAdder timedOut = new LongAdder();
  private final LongAdder reconnects = new LongAdder();

  void streamUp(boolean again) {
    streamsConnected.incrementAndGet();
    if (again) {
      reconnects.increment();
    }
  }

  void streamDown() {
    streamsConnected.decrementAndGet();
  }

  void received() {
    received.increment();
  }

  void answered(Answer answer) {
    switch (answer) {
      case Answer.Verdicts ignored -> acked.increment();
      case Answer.Nack ignored -> nacked.increment();
    }
  }

  void timedOut() {
    timedOut.increment();
  }

  WorkerStats snapshot() {
    return new WorkerStats(
        streamsConnected.get(),
        received.sum(),
        acked.sum(),
        nacked.sum(),
        timedOut.sum(),
        reconnects.sum());
  }
}
