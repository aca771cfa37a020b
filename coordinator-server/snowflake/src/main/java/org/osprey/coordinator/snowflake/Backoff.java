package org.osprey.coordinator.snowflake;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** How long to leave the service alone: twice as long with each failure in a row, with jitter. */
final class Backoff {
  private final long first;
  private final long longest;
  private final DoubleSupplier random;
  private int failures;

  /**
   * @param random in [0, 1)
   */
  Backoff(Duration first, Duration longest, DoubleSupplier random) {
    this.first = first.toNanos();
    this.longest = longest.toNanos();
    this.random = random;
  }

  void succeeded() {
    failures = 0;
  }

  /**
   * @return nanoseconds to wait, between half of the step and all of it
   */
  long failed() {
    int doublings = Math.min(failures++, 30);
    long step = first > longest >> doublings ? longest : first << doublings;
    return (long) (step * (0.5 + random.getAsDouble() / 2));
  }
}
