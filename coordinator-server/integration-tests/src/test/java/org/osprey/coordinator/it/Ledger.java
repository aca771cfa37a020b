package org.osprey.coordinator.it;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.osprey.coordinator.core.Outcome;

/**
 * The one checker: what was accepted, and how it ended, for each id. Accepted = completed + dead
 * letters, or something was lost.
 */
final class Ledger {
  private final Map<Long, Entry> entries = new ConcurrentHashMap<>();

  private static final class Entry {
    private final long acceptedAt = System.nanoTime();
    private final AtomicInteger outcomes = new AtomicInteger();
    private volatile long endedAt;
    private volatile boolean deadLettered;
  }

  void accepted(long id) {
    entries.put(id, new Entry());
  }

  void refused(long id) {
    entries.remove(id);
  }

  void finished(long id, Outcome outcome) {
    Entry entry = entries.get(id);
    if (entry == null) {
      throw new AssertionError("an outcome for an action that was not accepted: " + id);
    }
    entry.deadLettered = outcome instanceof Outcome.DeadLettered;
    entry.endedAt = System.nanoTime();
    entry.outcomes.incrementAndGet();
  }

  int size() {
    return entries.size();
  }

  List<Long> unfinished() {
    return entries.entrySet().stream()
        .filter(entry -> entry.getValue().outcomes.get() == 0)
        .map(Map.Entry::getKey)
        .toList();
  }

  long deadLettered() {
    return entries.values().stream().filter(entry -> entry.deadLettered).count();
  }

  /**
   * How long after {@code nanos} of {@link System#nanoTime} the action ended; negative if before.
   */
  Duration endedAfter(long id, long nanos) {
    Entry entry = entries.get(id);
    if (entry == null) {
      throw new AssertionError("a worker got an action that was not accepted: " + id);
    }
    return Duration.ofNanos(entry.endedAt - nanos);
  }

  /** From acceptance to outcome, at the given share of all actions. */
  Duration latency(double quantile) {
    long[] nanos =
        entries.values().stream().mapToLong(entry -> entry.endedAt - entry.acceptedAt).toArray();
    Arrays.sort(nanos);
    return Duration.ofNanos(nanos[(int) ((nanos.length - 1) * quantile)]);
  }

  /** Fails unless every accepted action has exactly one outcome. */
  void check() {
    List<Long> lost = unfinished();
    if (!lost.isEmpty()) {
      throw new AssertionError(
          lost.size() + " lost, for example " + lost.subList(0, Math.min(5, lost.size())));
    }
    entries.forEach(
        (id, entry) -> {
          if (entry.outcomes.get() != 1) {
            throw new AssertionError("%d outcomes for %d".formatted(entry.outcomes.get(), id));
          }
        });
  }

  /** One line for the record. */
  void report(String row, long duplicates) {
    System.out.printf(
        "%s accepted=%d lost=%d dead_letters=%d duplicates=%d p99_ms=%d longest_ms=%d%n",
        row,
        size(),
        unfinished().size(),
        deadLettered(),
        duplicates,
        latency(0.99).toMillis(),
        latency(1).toMillis());
  }
}
