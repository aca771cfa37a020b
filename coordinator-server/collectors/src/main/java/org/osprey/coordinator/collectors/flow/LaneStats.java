package org.osprey.coordinator.collectors.flow;

import java.util.Map;
import org.osprey.coordinator.collectors.flow.Channel.Loss;

/**
 * The ledger of one collector. At any time {@code received + recovered = published + dropped +
 * sampledOut + queued + spilled}.
 *
 * @param received events that the collector emitted since the start
 * @param recovered events that an earlier process had left on disk
 * @param queued in the ring, or on their way
 * @param spilled on disk, also while they are on their way from there
 * @param bytes of bodies in the ring
 * @param capacity events that the ring holds
 * @param lastEventNanos when the last one was taken, by the ticker; 0 for never
 */
public record LaneStats(
    String collector,
    long received,
    long recovered,
    long published,
    Map<Loss, Long> dropped,
    long sampledOut,
    long queued,
    long spilled,
    long bytes,
    int capacity,
    long lastEventNanos) {

  public LaneStats {
    dropped = Map.copyOf(dropped);
  }

  public long droppedTotal() {
    return dropped.values().stream().mapToLong(Long::longValue).sum();
  }

  /** What is missing in the ledger; anything but 0 is a defect. */
  public long imbalance() {
    return received + recovered - published - droppedTotal() - sampledOut - queued - spilled;
  }
}
