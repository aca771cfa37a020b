package org.osprey.coordinator.collectors.flow;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.osprey.coordinator.collectors.flow.SpillStore.Batch;

/**
 * A row whose events are on their way. It stands where events from a ring have what their collector
 * wants run: that was run when they were stored, and events from rows are told apart by this.
 */
final class StoredRow implements Runnable {
  private final Batch key;
  private final long bytes;
  private final AtomicInteger unsettled;

  /**
   * @param events of it that are published
   */
  StoredRow(Batch batch, int events, long bytes) {
    key = withoutEvents(batch);
    this.bytes = bytes;
    unsettled = new AtomicInteger(events);
  }

  /** What the store needs to find it, or what comes behind it. */
  static Batch withoutEvents(Batch batch) {
    return new Batch(
        batch.row(), batch.collector(), batch.epoch(), batch.firstSeq(), List.of(), batch.count());
  }

  Batch key() {
    return key;
  }

  /** Of all bodies in it. */
  long bytes() {
    return bytes;
  }

  /**
   * Nothing more happens to one of its events.
   *
   * @return whether it was the last
   */
  boolean settledOne() {
    return unsettled.decrementAndGet() == 0;
  }

  @Override
  public void run() {}
}
