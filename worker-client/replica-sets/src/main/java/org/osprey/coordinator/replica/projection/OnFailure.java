package org.osprey.coordinator.replica.projection;

/** What happens after a handler threw. */
public enum OnFailure {
  /** It is tried again, after a pause that grows; everything behind it waits. */
  RETRY,
  /**
   * The event is put aside, with all later ones of its stream, until somebody releases the stream;
   * the others go on. When too many are put aside it is tried again instead.
   */
  PARK,
  /** The projection ends, in this generation; everything behind the event waits. */
  STOP
}
