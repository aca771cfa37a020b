package org.osprey.coordinator.core;

import java.time.Duration;
import java.util.Map;

/**
 * A consistent picture of the dispatcher at one moment.
 *
 * @param counts has every {@link Count}
 * @param leased actions that are out at a worker
 * @param delayed actions that wait out a backoff, or are not due yet
 * @param held actions behind another one of their ordering key
 * @param settling actions whose result or dead letter is being stored
 * @param connected streams
 * @param waiting streams that could take an action now
 * @param credits what the streams could hold and do
 */
public record DispatcherStats(
    Map<Count, Long> counts,
    LaneStats sync,
    LaneStats async,
    long leased,
    long delayed,
    long held,
    long settling,
    int connected,
    int waiting,
    Credits credits) {

  /**
   * @param waiting actions that could be handed over now
   * @param accepted actions that are accepted and unfinished, wherever they are
   * @param bytes what the accepted ones take of the lane's room
   * @param oldest how long the next action in line has been here; zero when none waits
   */
  public record LaneStats(int waiting, int accepted, long bytes, Duration oldest) {}

  /**
   * Of all connected streams together.
   *
   * @param total how many actions may be out at a time
   * @param inUse how many are, those included whose lease expired and whose worker is still silent
   * @param busyStreams streams with at least one action
   */
  public record Credits(int total, int inUse, int busyStreams) {}

  public long count(Count count) {
    return counts.getOrDefault(count, 0L);
  }
}
