package org.osprey.coordinator.core;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait after failures: twice as long with each one in a row, with jitter. Not
 * thread-safe: it belongs to the loop that waits.
 */
public final class Backoff {
  private static final int DOUBLINGS = Long.SIZE - 2;

  private final long first;
  private final long longest;
  private final DoubleSupplier random;
  private int failures;

  /**
   * @param random in [0, 1)
   */
  public Backoff(Duration first, Duration longest, DoubleSupplier random) {
    this.first = first.toNanos();
    this.longest = longest.toNanos();
    this.random = random;
  }

  /** Starts over, because it went well. */
  public void reset() {
    failures = 0;
  }

  /**
   * @return the wait, between half of the step and all of it
   */
  public Duration next() {
    return after(failures++, first, longest, random.getAsDouble());
  }

  /**
   * The wait where somebody else counts.
   *
   * @param failures in a row, before the one that is waited for
   * @param random in [0, 1)
   */
  public static Duration after(int failures, Duration first, Duration longest, double random) {
    return after(failures, first.toNanos(), longest.toNanos(), random);
  }

  private static Duration after(int failures, long first, long longest, double random) {
    int doublings = Math.min(failures, DOUBLINGS);
    // Compared this way round, nothing can overflow.
    long step = first > longest >> doublings ? longest : first << doublings;
    return Duration.ofNanos((long) (step * (0.5 + random / 2)));
  }
}
