package org.osprey.coordinator.collectors.flow;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.osprey.coordinator.core.Histogram;
import org.osprey.coordinator.core.HistogramStats;

/** How long the events of one worker took. Its lock is taken for a batch, not for an event. */
@ThreadSafe
final class Timings {
  @GuardedBy("this")
  private final Histogram processing = new Histogram();

  @GuardedBy("this")
  private final Histogram emitToPublish = new Histogram();

  /**
   * @param nanos from leaving the ring to being handed to the channel, the same for all of a batch
   */
  synchronized void processed(long nanos, int events) {
    processing.record(nanos, events);
  }

  /**
   * @param nanos of each event, from emit until it was published
   */
  synchronized void published(long[] nanos, int events) {
    for (int i = 0; i < events; i++) {
      emitToPublish.record(nanos[i]);
    }
  }

  synchronized HistogramStats processing() {
    return processing.stats();
  }

  synchronized HistogramStats emitToPublish() {
    return emitToPublish.stats();
  }
}
