package org.osprey.coordinator.core;

/** Has numbers to tell. Any part of a coordinator may be this too; its numbers become metrics. */
@FunctionalInterface
public interface Measured {

  /** Tells how it stands. Called by any thread, every few seconds; never blocks, never throws. */
  void tell(Figures figures);
}
