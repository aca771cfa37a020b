package org.osprey.coordinator.streams;

import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;

/**
 * What all shards of a coordinator have in common.
 *
 * @param instance the coordinator's name among those that share the streams
 * @param updates where updates go; never blocks
 * @param heldUntil as {@link Ownership#heldUntil}
 * @param roomForStreams whether another stream may be made
 * @param roomForWatchers whether another watcher may come
 */
record StreamContext(
    StreamSettings settings,
    String instance,
    Ticker ticker,
    InstantSource clock,
    Consumer<StateUpdate> updates,
    SnapshotStore store,
    ToLongFunction<Hold> heldUntil,
    SceneActions actions,
    BooleanSupplier roomForStreams,
    BooleanSupplier roomForWatchers) {

  long now() {
    return ticker.nanos();
  }

  /** Whether nobody else can have the partition yet. */
  boolean isCurrent(Hold hold, long now) {
    long until = heldUntil.applyAsLong(hold);
    return until != Long.MIN_VALUE && now - until < 0;
  }
}
