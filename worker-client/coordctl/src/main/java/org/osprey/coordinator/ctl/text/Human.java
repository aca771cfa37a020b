package org.osprey.coordinator.ctl.text;

import java.time.Duration;
import java.util.Locale;

/** Numbers with at most three digits that matter, and a unit. */
public final class Human {
  private static final String[] THOUSANDS = {"", " k", " M", " G", " T", " P", " E"};
  private static final String[] BINARY = {" B", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB"};
  private static final double NANOS = 1e9;
  private static final double MICROS = 1e6;
  private static final double MILLIS = 1e3;
  private static final long MINUTE = 60;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;

  private Human() {}

  /** {@code 999}, {@code 1.2 k}, {@code 34 M}. */
  public static String count(long number) {
    return scaled((double) number, 1000, THOUSANDS);
  }

  /** {@code 0.5/s}, {@code 1.2 k/s}. */
  public static String rate(double perSecond) {
    return scaled(perSecond, 1000, THOUSANDS) + "/s";
  }

  /** {@code 999 B}, {@code 1.2 KiB}, {@code 34 MiB}. */
  public static String bytes(long bytes) {
    return scaled((double) bytes, 1024, BINARY);
  }

  /** {@code 0.5 ms}, {@code 12 ms}, {@code 3.2 s}, {@code 3m 20s}, {@code 2h 5m}, {@code 1d 4h}. */
  public static String seconds(double seconds) {
    if (seconds <= 0) {
      return "0 s";
    }
    if (seconds * MICROS < 99.5) {
      return threeDigits(seconds * MICROS) + " µs";
    }
    if (seconds * MILLIS < 999.5) {
      return threeDigits(seconds * MILLIS) + " ms";
    }
    if (seconds < 59.95) {
      return threeDigits(seconds) + " s";
    }
    return inTwoUnits(Math.round(seconds));
  }

  public static String seconds(Duration duration) {
    return seconds(duration.toNanos() / NANOS);
  }

  private static String inTwoUnits(long seconds) {
    if (seconds < HOUR) {
      return seconds / MINUTE + "m " + seconds % MINUTE + "s";
    }
    if (seconds < DAY) {
      return seconds / HOUR + "h " + seconds % HOUR / MINUTE + "m";
    }
    return seconds / DAY + "d " + seconds % DAY / HOUR + "h";
  }

  private static String scaled(double number, int step, String[] units) {
    double rest = number;
    int unit = 0;
    // What rounds up to the step is written in the next unit.
    while (rest >= step - 0.5 && unit < units.length - 1) {
      rest /= step;
      unit++;
    }
    return (unit == 0 && rest == Math.rint(rest) ? Long.toString((long) rest) : threeDigits(rest))
        + units[unit];
  }

  private static String threeDigits(double number) {
    if (number >= 9.95) {
      return String.format(Locale.ROOT, "%.0f", number);
    }
    String text = String.format(Locale.ROOT, "%.1f", number);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
