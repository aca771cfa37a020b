package org.osprey.coordinator.settings;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong, so that one start shows all of it. */
public final class Mistakes {
  private final List<String> lines = new ArrayList<>();

  /** A value that can't be used. */
  public void value(String path, Origin origin, String got, String want) {
    add("%s: got \"%s\", want %s".formatted(origin.name(path), Secrets.masked(path, got), want));
  }

  /** Anything else. */
  public void at(String path, Origin origin, String what) {
    add(origin.name(path) + ": " + what);
  }

  public void add(String line) {
    lines.add(line);
  }

  /** How many there are so far. */
  public int count() {
    return lines.size();
  }

  /**
   * @throws ConfigException when there is any
   */
  public void check() {
    if (!lines.isEmpty()) {
      throw new ConfigException(lines);
    }
  }
}
