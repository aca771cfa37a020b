package org.osprey.coordinator.collectors.nats;

import com.google.errorprone.annotations.ThreadSafe;
import java.util.concurrent.atomic.LongAdder;

/** What all channels of a publisher count together. */
@ThreadSafe
final class PublishCounts {
  private final LongAdder errors = new LongAdder();
  private final LongAdder unconfirmedLost = new LongAdder();

  void failed() {
    errors.increment();
  }

  void unconfirmedLost() {
    errors.increment();
    unconfirmedLost.increment();
  }

  long errors() {
    return errors.sum();
  }

  long unconfirmed() {
    return unconfirmedLost.sum();
  }
}
