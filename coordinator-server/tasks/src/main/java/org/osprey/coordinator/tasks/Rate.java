package org.osprey.coordinator.tasks;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.osprey.coordinator.core.Ticker;

/** Bounds how many calls begin: what a second allows is saved up for one second at most. */
@ThreadSafe
final class Rate {
  private static final double NANOS = 1e9;

  private final double perSecond;
  private final Ticker ticker;

  @GuardedBy("this")
  private double saved;

  @GuardedBy("this")
  private long seen;

  /**
   * @param perSecond 0 for no bound
   */
  Rate(double perSecond, Ticker ticker) {
    this.perSecond = perSecond;
    this.ticker = ticker;
    saved = most();
    seen = ticker.nanos();
  }

  /** How many may begin now. */
  synchronized int available() {
    if (perSecond == 0) {
      return Integer.MAX_VALUE;
    }
    long now = ticker.nanos();
    saved = Math.min(most(), saved + (now - seen) / NANOS * perSecond);
    seen = now;
    return (int) saved;
  }

  /** So many begin. */
  synchronized void spend(int calls) {
    saved -= calls;
  }

  /** At least one, or slow rates would never allow any. */
  private double most() {
    return Math.max(1, perSecond);
  }
}
