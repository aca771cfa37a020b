package org.osprey.coordinator.collectors.flow;

import org.osprey.coordinator.collectors.flow.SpillStore.SpillException;
import org.osprey.coordinator.collectors.flow.SpillStore.Totals;

/** How much is on disk, of how much there may be. Belongs to the spiller's loop. */
final class StoredBytes {
  private final SpillStore store;
  private final long most;
  private long bytes;

  StoredBytes(SpillStore store, long most) {
    this.store = store;
    this.most = most;
  }

  void added(long more) {
    bytes += more;
  }

  void deleted(long less) {
    bytes -= less;
  }

  /**
   * @throws SpillException when there is none
   */
  void requireRoom(long more) {
    if (bytes + more > most) {
      // What cannot be read was deleted without its size being known.
      bytes = store.totals().values().stream().mapToLong(Totals::bytes).sum();
    }
    if (bytes + more > most) {
      throw new SpillException(
          "orchestrator.spill_max_bytes of %d is used up, collectors wait".formatted(most), null);
    }
  }
}
