package org.osprey.coordinator.nats;

import com.google.errorprone.annotations.FormatMethod;
import java.time.Duration;

/** Checks of settings; what is wrong is said with the setting's name and its value. */
final class Invalid {
  private Invalid() {}

  static void unlessAtLeastOne(String name, long value) {
    if (value < 1) {
      throw setting("%s must be at least 1, got %d", name, value);
    }
  }

  static void unlessPositive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw setting("%s must be positive, got %s", name, value);
    }
  }

  /** Names of streams and consumers are a part of subjects and of file names. */
  static void unlessName(String name, String value) {
    if (!value.matches("[^\\s.*>/\\\\\\p{Cntrl}]{1,255}")) {
      throw setting(
          "%s must be 1 to 255 characters without space, '.', '*', '>' and slashes, got \"%s\"",
          name, value);
    }
  }

  static void unlessSubject(String name, String value) {
    if (!value.matches("[^\\s.*>\\p{Cntrl}]+(\\.[^\\s.*>\\p{Cntrl}]+)*")) {
      throw setting("%s must be a subject without wildcards, got \"%s\"", name, value);
    }
  }

  static void unlessPattern(String name, String value) {
    if (!value.matches("([^\\s.>\\p{Cntrl}]+\\.)*([^\\s.>\\p{Cntrl}]+|>)")) {
      throw setting("%s must be a subject or a pattern with * or >, got \"%s\"", name, value);
    }
  }

  @FormatMethod
  static IllegalArgumentException setting(String message, Object... values) {
    return new IllegalArgumentException("nats." + message.formatted(values));
  }
}
