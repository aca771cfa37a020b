package org.osprey.coordinator.testdata;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Settings from the environment; an empty variable counts as unset. Mistakes are collected, so that
 * {@link #check} can name them all.
 */
final class Variables {
  private static final int MAX_PORT = 65_535;

  private final Map<String, String> environment;
  private final Set<String> asked = new TreeSet<>();
  private final List<String> mistakes = new ArrayList<>();

  Variables(Map<String, String> environment) {
    this.environment = environment;
  }

  String text(String name, String otherwise) {
    asked.add(name);
    String value = environment.getOrDefault(name, "").strip();
    return value.isEmpty() ? otherwise : value;
  }

  int whole(String name, int otherwise, int least, int most) {
    String text = text(name, Integer.toString(otherwise));
    if (text.matches("\\d{1,9}")) {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    }
    mistakes.add(
        "%s: want a whole number from %d to %d, got %s".formatted(name, least, most, text));
    return otherwise;
  }

  double number(String name, double otherwise, double least, double most) {
    String text = text(name, Double.toString(otherwise));
    if (text.matches("\\d{1,9}(\\.\\d{1,9})?")) {
      double value = Double.parseDouble(text);
      if (value >= least && value <= most) {
        return value;
      }
    }
    mistakes.add("%s: want a number from %s to %s, got %s".formatted(name, least, most, text));
    return otherwise;
  }

  /** As host:port. */
  String address(String name, String otherwise) {
    String text = text(name, otherwise);
    int colon = text.lastIndexOf(':');
    String port = text.substring(colon + 1);
    if (colon > 0
        && port.matches("\\d{1,5}")
        && Integer.parseInt(port) > 0
        && Integer.parseInt(port) <= MAX_PORT) {
      return text;
    }
    mistakes.add("%s: want host:port, got %s".formatted(name, text));
    return otherwise;
  }

  /**
   * @throws IllegalArgumentException with a line for each mistake in what was asked for so far
   */
  void check() {
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", mistakes));
    }
  }

  /** The names of what was asked for so far. */
  Set<String> asked() {
    return Set.copyOf(asked);
  }
}
