package org.osprey.coordinator.benchmarks.e2e;

import java.util.Locale;

/**
 * One line of the table.
 *
 * @param wanted empty when there is no bound
 */
record Figure(String name, double value, String unit, String wanted, boolean met) {

  static Figure of(String name, double value, String unit) {
    return new Figure(name, value, unit, "", true);
  }

  static Figure atMost(String name, double value, String unit, double bound) {
    return new Figure(name, value, unit, "<= " + shown(bound), value <= bound);
  }

  static Figure atLeast(String name, double value, String unit, double bound) {
    return new Figure(name, value, unit, ">= " + shown(bound), value >= bound);
  }

  Figure named(String other) {
    return new Figure(other, value, unit, wanted, met);
  }

  String shown() {
    return shown(value);
  }

  private static String shown(double value) {
    String format = value % 1 == 0 || Math.abs(value) >= 1000 ? "%,.0f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }
}
