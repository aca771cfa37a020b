package org.osprey.coordinator.core;

/**
 * Which part is this coordinator's of what is to be done once for all that share a database. Safe
 * for use by many threads.
 */
@FunctionalInterface
public interface Share {
  /** For a coordinator that shares with nobody. */
  Share ALL = sweep -> true;

  /**
   * Whether a sweep is this coordinator's now; asked before each bounded piece of it. Never blocks,
   * never throws. Who gets it next does not wait for the piece under way, so a piece that two do at
   * the same time must do no harm. There are moments in which nobody has it.
   *
   * @param sweep a name that stays the same
   */
  boolean has(String sweep);
}
