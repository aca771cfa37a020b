package org.osprey.coordinator.streams;

import com.google.errorprone.annotations.ThreadSafe;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Bounds what is asked of one stream: how much waits at a time, and how many commands come. */
@ThreadSafe
final class Admission {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final int mostPending;
  private final long interval;
  private final long burst;
  private final AtomicInteger pending = new AtomicInteger();

  /** When all that was admitted would have come, had it come evenly. */
  private final AtomicLong even;

  /**
   * @param perSecond commands; what two seconds allow may come at once
   * @param now nanoseconds of the ticker
   */
  Admission(int mostPending, int perSecond, long now) {
    this.mostPending = mostPending;
    interval = NANOS_PER_SECOND / perSecond;
    burst = 2 * NANOS_PER_SECOND;
    even = new AtomicLong(now);
  }

  /** Whether another one may wait; it leaves when it is answered. */
  boolean enter() {
    if (pending.incrementAndGet() <= mostPending) {
      return true;
    }
    pending.decrementAndGet();
    return false;
  }

  void leave() {
    pending.decrementAndGet();
  }

  /** Whether another command may come. */
  boolean spend(long now) {
    while (true) {
      long before = even.get();
      long after = (before - now < 0 ? now : before) + interval;
      if (after - now > burst) {
        return false;
      }
      if (even.compareAndSet(before, after)) {
        return true;
      }
    }
  }
}
