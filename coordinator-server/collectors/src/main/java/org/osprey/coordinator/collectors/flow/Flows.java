package org.osprey.coordinator.collectors.flow;

import java.util.List;
import java.util.Optional;
import org.osprey.coordinator.collector.Emitter;

/** What those who run collectors need of the flow. Safe for use by many threads. */
public interface Flows {

  /**
   * A new way in for a collector; the one it had before takes no more. Its ring, ledger and spill
   * stay, under new settings.
   */
  Entry open(String collector, LaneSettings settings);

  /** The ledgers of all collectors that ever had a way in, or left something on disk. */
  List<LaneStats> stats();

  /** Why events of a collector cannot be kept on disk now, in one line for people. */
  default Optional<String> trouble(String collector) {
    return Optional.empty();
  }

  /** A way in. */
  interface Entry extends Emitter, AutoCloseable {

    /** Takes no more: who emits now, or waits, gets {@link Emitter.ClosedException}. */
    @Override
    void close();
  }
}
