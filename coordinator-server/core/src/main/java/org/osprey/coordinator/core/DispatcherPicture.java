package org.osprey.coordinator.core;

import java.util.Map;
import java.util.Objects;

/**
 * All that the dispatcher counts, of one moment.
 *
 * @param durations has every {@link Lane}
 */
public record DispatcherPicture(DispatcherStats stats, Map<Lane, DurationStats> durations) {

  public DurationStats durations(Lane lane) {
    return Objects.requireNonNull(durations.get(lane));
  }
}
