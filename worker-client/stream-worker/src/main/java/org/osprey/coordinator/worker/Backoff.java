package org.osprey.coordinator.worker;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: at random between the shortest time and a bound that
 * doubles with each failure. Not safe for several threads.
 */
final class Backoff {
  private final long shortestNanos;
  private final long longestNanos;
  private final RandomGenerator random;
  private long boundNanos;

  Backoff(Duration shortest, Duration longest, RandomGenerator random) {
    shortestNanos = shortest.toNanos();
    longestNanos = longest.toNanos();
    this.random = random;
    reset();
  }

  Duration next() {
    Duration delay = Duration.ofNanos(random.nextLong(shortestNanos, boundNanos + 1));
    boundNanos = Math.min(longestNanos, boundNanos * 2);
    return delay;
  }

  /** The wait after something that was no failure. */
  Duration shortest() {
    return Duration.ofNanos(shortestNanos);
  }

  void reset() {
    boundNanos = Math.min(longestNanos, shortestNanos * 2);
  }
}
