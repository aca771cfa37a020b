package org.osprey.coordinator.kafka;

import com.google.errorprone.annotations.FormatMethod;
import java.time.Duration;

/** Checks settings, and says of a wrong one its name and what was got. */
final class Require {
  private Require() {}

  static void notBlank(String name, String value) {
    if (value.isBlank()) {
      throw invalid("%s must not be empty, got \"%s\"", name, value);
    }
  }

  static void topicName(String name, String value) {
    if (!value.matches("[a-zA-Z0-9._-]{1,249}") || value.equals(".") || value.equals("..")) {
      throw invalid(
          "%s must be 1 to 249 letters, digits, '.', '_' or '-', got \"%s\"", name, value);
    }
  }

  static void atLeastOne(String name, long value) {
    if (value < 1) {
      throw invalid("%s must be at least 1, got %d", name, value);
    }
  }

  static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw invalid("%s must be positive, got %s", name, value);
    }
  }

  @FormatMethod
  static IllegalArgumentException invalid(String message, Object... values) {
    return new IllegalArgumentException("kafka." + message.formatted(values));
  }
}
