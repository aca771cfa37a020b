package org.osprey.coordinator.pubsub;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to rest before the next try: twice as long each time, up or down by a fifth. */
final class Backoff {
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final RandomGenerator random;
  private Duration next = FIRST;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  Duration next() {
    Duration rest = Duration.ofNanos((long) (next.toNanos() * random.nextDouble(0.8, 1.2)));
    Duration twice = next.multipliedBy(2);
    next = twice.compareTo(LONGEST) > 0 ? LONGEST : twice;
    return rest;
  }

  void reset() {
    next = FIRST;
  }
}
