package org.osprey.coordinator.streams;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.osprey.coordinator.core.Histogram;
import org.osprey.coordinator.core.HistogramStats;

/**
 * Counts for a shard. Its thread counts, without any lock, and shows others a copy that is a second
 * old at most.
 */
final class ShardCounts {
  private static final long EVERY = Duration.ofSeconds(1).toNanos();

  private final Histogram lateness = new Histogram();
  private long updates;
  private long showAt;
  private long stale;
  private Set<String> clients = Set.of();
  private volatile Stats shown = new Stats(Map.of(), 0, 0, Set.of(), 0, 0, new Histogram().stats());

  /**
   * A copy.
   *
   * @param modes how many streams are in each mode now
   * @param watchers connections now
   * @param stale those of them that were not heard of for too long, at the last sweep
   * @param clients whose connections they were then
   * @param waiting pieces of work in the mailbox now
   * @param updates told since the start
   * @param lateness of ticks and ends of scenes, since the start
   */
  record Stats(
      Map<Mode, Long> modes,
      long watchers,
      long stale,
      Set<String> clients,
      long waiting,
      long updates,
      HistogramStats lateness) {}

  ShardCounts(long now) {
    showAt = now;
  }

  void updated() {
    updates++;
  }

  void late(long nanos) {
    lateness.record(nanos);
  }

  void swept(long staleNow, Set<String> clientsNow) {
    stale = staleNow;
    clients = Set.copyOf(clientsNow);
  }

  /** Any thread. */
  Stats shown() {
    return shown;
  }

  boolean isDue(long now) {
    return now - showAt >= 0;
  }

  void show(Iterable<ScheduledStream> streams, long waiting, long now) {
    Map<Mode, Long> modes = new EnumMap<>(Mode.class);
    long watchers = 0;
    for (ScheduledStream stream : streams) {
      modes.merge(stream.mode(), 1L, Long::sum);
      watchers += stream.audience().watchers().count();
    }
    shown = new Stats(modes, watchers, stale, clients, waiting, updates, lateness.stats());
    showAt = now + EVERY;
  }
}
