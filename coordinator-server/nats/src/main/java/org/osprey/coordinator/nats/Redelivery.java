package org.osprey.coordinator.nats;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long a message that could not be dealt with stays away. Safe for use by many threads. */
final class Redelivery {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final int MOST_DOUBLINGS = 5;

  private final RandomGenerator random;

  /**
   * @param random used by many threads
   */
  Redelivery(RandomGenerator random) {
    this.random = random;
  }

  /**
   * @param deliveries how often it was delivered by now, at least once
   */
  Duration delay(long deliveries) {
    int doublings = (int) Math.min(MOST_DOUBLINGS, Math.max(0, deliveries - 1));
    long base = FIRST.toNanos() << doublings;
    return Duration.ofNanos(base + random.nextLong(base / 4));
  }
}
