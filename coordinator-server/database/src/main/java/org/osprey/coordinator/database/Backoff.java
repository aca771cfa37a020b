package org.osprey.coordinator.database;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Waits that double from one failure to the next, each shortened at random by up to a half. */
final class Backoff {
  private static final Duration FIRST = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final RandomGenerator random;
  private Duration next = FIRST;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  Duration next() {
    long full = next.toNanos();
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
    return Duration.ofNanos(full - random.nextLong(full / 2));
  }

  /** It went well. */
  void reset() {
    next = FIRST;
  }
}
