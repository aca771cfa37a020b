package org.osprey.coordinator.collectors.lifecycle;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collectors.flow.LaneStats;
import org.osprey.coordinator.collectors.flow.WhenFull;

/**
 * How a collector is, for people.
 *
 * @param kind as configured, known or not
 * @param enabled whether it is to run, by the configuration or since then by an operator
 * @param detail one line: what is wrong, or what it does
 * @param restarts after failures, since the coordinator started
 * @param lastEvent when it emitted the last event; null for never
 * @param strayThreads threads of instances that were closed or given up, and still run
 * @param lane its ledger; null before it ever had a way in
 */
public record CollectorView(
    String name,
    String kind,
    boolean enabled,
    Phase phase,
    boolean healthy,
    String detail,
    int restarts,
    @Nullable Instant lastEvent,
    int strayThreads,
    WhenFull whenFull,
    @Nullable LaneStats lane) {

  /** Where it is in its life. */
  public enum Phase {
    /** Not to run. */
    DISABLED,
    /** Its start has not returned. */
    STARTING,
    RUNNING,
    /** It failed, and waits for its next start. */
    BACKING_OFF,
    /**
     * It was given up: its start, or a thread of it, did not end. It starts again when that ends.
     */
    STUCK,
    /** Its start failed, and {@code on_start_error} says to leave it at that. */
    FAILED,
    /** Being closed. */
    STOPPING
  }
}
