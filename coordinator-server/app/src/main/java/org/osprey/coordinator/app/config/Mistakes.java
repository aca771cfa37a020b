package org.osprey.coordinator.app.config;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong, so that one start shows all of it. */
final class Mistakes {
  private final List<String> lines = new ArrayList<>();

  /** A value that can't be used. */
  void value(String path, Origin origin, String got, String want) {
    add("%s: got \"%s\", want %s".formatted(origin.name(path), Secrets.masked(path, got), want));
  }

  /** Anything else. */
  void at(String path, Origin origin, String what) {
    add(origin.name(path) + ": " + what);
  }

  void add(String line) {
    lines.add(line);
  }

  /** How many there are so far. */
  int count() {
    return lines.size();
  }

  /**
   * @throws ConfigException when there is any
   */
  void check() {
    if (!lines.isEmpty()) {
      throw new ConfigException(lines);
    }
  }
}
