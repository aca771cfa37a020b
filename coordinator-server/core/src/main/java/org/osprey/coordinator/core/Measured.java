package org.osprey.coordinator.core;

/** Has numbers to tell. Any part of a coordinator may be this too; its numbers become metrics. */
@FunctionalInterface
public interface Measured {
  /** Stands before all names of the coordinator's own. */
  String PREFIX = "osprey_coordinator_";

  /** Tells how it stands. Called by any thread, every few seconds; never blocks, never throws. */
  void tell(Figures figures);

  /**
   * What stands before the names that it tells. Another one is for numbers that people know under
   * names of their own.
   */
  default String prefix() {
    return PREFIX;
  }
}
