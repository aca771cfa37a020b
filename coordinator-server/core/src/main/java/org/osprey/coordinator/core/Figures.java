package org.osprey.coordinator.core;

/**
 * Where the parts of a coordinator tell their numbers, each time somebody asks for metrics. What
 * several parts tell under one name and the same labels is added up.
 *
 * <p>Labels come in pairs: a name, its value, the next name. Values must come from a small, known
 * set: never an id, and never a name that clients choose.
 */
public interface Figures {

  /**
   * A number that only grows, since the start.
   *
   * @param name in snake case, without the prefix and without {@code _total}
   * @param help one sentence, for people
   */
  void counter(String name, String help, long value, String... labels);

  /**
   * A number that goes up and down.
   *
   * @param name in snake case with its unit, without the prefix
   */
  void gauge(String name, String help, double value, String... labels);

  /** The same for whole numbers. */
  default void gauge(String name, String help, long value, String... labels) {
    gauge(name, help, (double) value, labels);
  }

  /**
   * Durations by size.
   *
   * @param name ends with the unit in which they are told, {@code _seconds} or {@code _ms}; without
   *     the prefix
   */
  void histogram(String name, String help, HistogramStats durations, String... labels);
}
