package org.osprey.coordinator.collectors.flow;

/** What happens to an event when its collector has no room. */
public enum WhenFull {
  /** The collector waits. */
  BLOCK,
  /** The new event is dropped. */
  DROP_NEWEST,
  /** The oldest event that waits is dropped. */
  DROP_OLDEST,
  /** What waits goes to disk, in order. */
  SPILL
}
