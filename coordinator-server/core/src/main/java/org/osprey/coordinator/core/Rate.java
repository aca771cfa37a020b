package org.osprey.coordinator.core;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;

/** Bounds how much begins: what time allows is saved up, to a bound. */
@ThreadSafe
public final class Rate {
  private static final double NANOS = 1e9;

  private final double perSecond;
  private final double most;
  private final Ticker ticker;

  @GuardedBy("this")
  private double saved;

  @GuardedBy("this")
  private long seen;

  /**
   * Saves up what one second allows.
   *
   * @param perSecond 0 for no bound
   */
  public Rate(double perSecond, Ticker ticker) {
    this(perSecond, perSecond, ticker);
  }

  /**
   * @param perSecond 0 for no bound
   * @param burst how many may begin at once after a rest; less than one counts as one, or slow
   *     rates would never allow any
   */
  public Rate(double perSecond, double burst, Ticker ticker) {
    this.perSecond = perSecond;
    this.ticker = ticker;
    most = Math.max(1, burst);
    saved = most;
    seen = ticker.nanos();
  }

  /** How many may begin now. */
  public synchronized int available() {
    if (perSecond == 0) {
      return Integer.MAX_VALUE;
    }
    long now = ticker.nanos();
    saved = Math.min(most, saved + (now - seen) / NANOS * perSecond);
    seen = now;
    return (int) saved;
  }

  /** So many begin. */
  public synchronized void spend(int calls) {
    saved -= calls;
  }

  /**
   * Begins so many, if all of them may.
   *
   * @return whether they may
   */
  public synchronized boolean take(int calls) {
    if (available() < calls) {
      return false;
    }
    spend(calls);
    return true;
  }
}
