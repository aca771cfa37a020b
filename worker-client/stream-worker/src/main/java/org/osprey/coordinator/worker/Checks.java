package org.osprey.coordinator.worker;

import java.time.Duration;

/** Complaints about settings: name, what was expected, what came. */
final class Checks {
  private Checks() {}

  static void between(String name, int least, int most, int value) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s: expected %d to %d, got %d".formatted(name, least, most, value));
    }
  }

  static void positive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(
          "%s: expected a positive time, got %s".formatted(name, value));
    }
  }
}
