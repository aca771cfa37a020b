package org.osprey.coordinator.streams;

import org.jspecify.annotations.Nullable;

/** The partitions of one shard that this coordinator has. Belongs to the shard's thread. */
final class Holds {
  private final StreamContext context;
  private final @Nullable Hold[] holds = new @Nullable Hold[Hold.PARTITIONS];
  private final long[] incarnations = new long[Hold.PARTITIONS];

  Holds(StreamContext context) {
    this.context = context;
  }

  void acquire(Hold hold) {
    holds[hold.partition()] = hold;
    incarnations[hold.partition()] = 0;
  }

  void release(Hold hold) {
    holds[hold.partition()] = null;
  }

  /** The hold that a stream belongs to; null when it is somebody else's. */
  @Nullable Hold of(String streamId, long now) {
    Hold hold = holds[Hold.partitionOf(streamId)];
    return hold != null && context.isCurrent(hold, now) ? hold : null;
  }

  /**
   * The epoch of a stream that is made now, greater than any before: of this hold, or of an earlier
   * one.
   */
  long nextEpoch(Hold hold) {
    return (hold.epoch() << Integer.SIZE) + ++incarnations[hold.partition()];
  }
}
