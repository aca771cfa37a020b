package org.osprey.coordinator.etcd;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** How long to wait after failures: twice as long with each one in a row, with jitter. */
final class Backoff {
  static final Duration FIRST = Duration.ofMillis(200);

  /** Short enough to be there again within 15 s of etcd, whatever the jitter and the time-outs. */
  static final Duration LONGEST = Duration.ofSeconds(5);

  private static final int DOUBLINGS = 10;

  private final DoubleSupplier random;
  private int failures;

  /**
   * @param random in [0, 1)
   */
  Backoff(DoubleSupplier random) {
    this.random = random;
  }

  void reset() {
    failures = 0;
  }

  /**
   * @return the wait, between half of the step and all of it
   */
  Duration failed() {
    long step = FIRST.toNanos() << failures;
    failures = Math.min(failures + 1, DOUBLINGS);
    return Duration.ofNanos(
        (long) (Math.min(step, LONGEST.toNanos()) * (0.5 + random.getAsDouble() / 2)));
  }
}
