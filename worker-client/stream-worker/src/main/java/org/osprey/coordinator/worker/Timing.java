package org.osprey.coordinator.worker;

import java.time.Duration;
import java.util.random.RandomGenerator;

record Timing(
    Duration actionTimeout, Duration rotateMin, Duration rotateMax, Duration drainTimeout) {

  Timing {
    Checks.positive("actionTimeout", actionTimeout);
    Checks.positive("rotateAfter", rotateMin);
    Checks.positive("drainTimeout", drainTimeout);
    if (rotateMax.compareTo(rotateMin) < 0) {
      throw new IllegalArgumentException(
          "rotateAfter: expected min <= max, got %s and %s".formatted(rotateMin, rotateMax));
    }
  }

  /** Ages differ, or all streams would leave at once and find each other again. */
  Duration rotationAge(RandomGenerator random) {
    return Duration.ofNanos(random.nextLong(rotateMin.toNanos(), rotateMax.toNanos() + 1));
  }
}
