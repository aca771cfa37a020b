package org.osprey.coordinator.settings;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as they are written in settings. */
public final class Durations {
  private static final String WANT = "a duration with its unit, such as 500ms, 30s, 2m or 1h";
  private static final Pattern FORM = Pattern.compile("(\\d{1,12}) ?(ms|s|m|h)");

  /** Far beyond any use here, and safely within a long of nanoseconds. */
  private static final Duration LONGEST = Duration.ofDays(365);

  private Durations() {}

  /**
   * @throws IllegalArgumentException whose message says what is wanted
   */
  public static Duration parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(WANT);
    }
    Duration duration = of(Long.parseLong(matcher.group(1)), matcher.group(2));
    if (duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(WANT + ", at most 8760h");
    }
    return duration;
  }

  /** In the largest unit that needs no fraction. */
  public static String format(Duration duration) {
    long millis = duration.toMillis();
    if (millis == 0 || millis % 1000 != 0) {
      return millis == 0 ? "0s" : millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds % 60 != 0) {
      return seconds + "s";
    }
    return seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds / 60 + "m";
  }

  private static Duration of(long amount, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
  }
}
