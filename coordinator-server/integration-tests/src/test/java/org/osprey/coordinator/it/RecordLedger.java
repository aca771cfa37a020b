package org.osprey.coordinator.it;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The one checker, for actions that come as records: what the broker accepted, what workers
 * handled, what became a dead letter, and what was committed, for each key. Accepted = completed +
 * dead letters + still queued, or something was lost; and queued is only what lies at or behind the
 * committed offset.
 */
final class RecordLedger {
  private final Map<String, Entry> entries = new ConcurrentHashMap<>();
  private final Map<Integer, Long> lastCommitted = new HashMap<>();
  private final Queue<String> violations = new ConcurrentLinkedQueue<>();

  /** Where the broker put a record, and when it said so. */
  private record Accepted(int partition, long offset, long at) {}

  private static final class Entry {
    private final AtomicInteger handled = new AtomicInteger();
    private final AtomicInteger results = new AtomicInteger();
    private volatile long handledAt;
    private volatile @Nullable Accepted accepted;
    private volatile @Nullable String verdict;
    private volatile @Nullable String deadLetter;

    private boolean finished() {
      return handled.get() > 0 || deadLetter != null;
    }

    private boolean committed(Map<Integer, Long> offsets) {
      Accepted where = accepted;
      return where != null && where.offset() < offsets.getOrDefault(where.partition(), 0L);
    }
  }

  /** The broker has the record. */
  void accepted(String key, int partition, long offset) {
    entry(key).accepted = new Accepted(partition, offset, System.nanoTime());
  }

  /** A worker is about to ack the action, with a verdict. */
  void handled(String key, String verdict) {
    Entry entry = entry(key);
    entry.verdict = verdict;
    if (entry.handled.getAndIncrement() == 0) {
      entry.handledAt = System.nanoTime();
    }
  }

  /** The coordinator passed a worker's answer on. */
  void result(String key, String verdict) {
    Entry entry = entry(key);
    int results = entry.results.incrementAndGet();
    if (results > entry.handled.get() || !verdict.equals(entry.verdict)) {
      violations.add(
          "a verdict that no worker sent: %s for %s, results=%d handled=%d"
              .formatted(verdict, key, results, entry.handled.get()));
    }
  }

  void deadLettered(String key, String reason) {
    entry(key).deadLetter = reason;
  }

  int accepted() {
    return (int) entries.values().stream().filter(entry -> entry.accepted != null).count();
  }

  int completed() {
    return (int) entries.values().stream().filter(entry -> entry.handled.get() > 0).count();
  }

  /** How often an action was handled although it had been already. */
  int duplicates() {
    return entries.values().stream().mapToInt(entry -> Math.max(0, entry.handled.get() - 1)).sum();
  }

  /** The reason for each dead letter. */
  Map<String, String> deadLetters() {
    Map<String, String> reasons = new HashMap<>();
    entries.forEach(
        (key, entry) -> {
          String reason = entry.deadLetter;
          if (reason != null) {
            reasons.put(key, reason);
          }
        });
    return reasons;
  }

  List<String> unfinished() {
    return entries.entrySet().stream()
        .filter(entry -> !entry.getValue().finished())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Whether nothing would come again after a restart. */
  boolean allCommitted(Map<Integer, Long> committed) {
    return entries.values().stream().allMatch(entry -> entry.committed(committed));
  }

  /** What {@link #allCommitted} waits for, for people; at most some. */
  List<String> uncommitted(Map<Integer, Long> committed) {
    return entries.entrySet().stream()
        .filter(entry -> !entry.getValue().committed(committed))
        .limit(20)
        .map(
            entry ->
                "key=%s accepted=%s handled=%d"
                    .formatted(
                        entry.getKey(), entry.getValue().accepted, entry.getValue().handled.get()))
        .toList();
  }

  /** The partitions of which a record was accepted and handled after a moment. */
  Set<Integer> partitionsAliveSince(long nanos) {
    Set<Integer> alive = new HashSet<>();
    for (Entry entry : entries.values()) {
      Accepted where = entry.accepted;
      if (where != null && where.at() - nanos > 0 && entry.handled.get() > 0) {
        alive.add(where.partition());
      }
    }
    return alive;
  }

  /** From acceptance until it was first handled, of the action that waited longest. */
  Duration longestWait() {
    long longest = 0;
    for (Entry entry : entries.values()) {
      Accepted where = entry.accepted;
      if (where != null && entry.handled.get() > 0) {
        longest = Math.max(longest, entry.handledAt - where.at());
      }
    }
    return Duration.ofNanos(longest);
  }

  /** The longest time in which no action at all was handled, from the first to the last. */
  Duration longestSilence() {
    long[] times = handledEntries().stream().mapToLong(entry -> entry.handledAt).sorted().toArray();
    long longest = 0;
    for (int i = 1; i < times.length; i++) {
      longest = Math.max(longest, times[i] - times[i - 1]);
    }
    return Duration.ofNanos(longest);
  }

  /**
   * Fails when a commit lies above an unfinished record, or behind an earlier commit. May be called
   * at any time, as long as no dead letters are to be expected that were not read yet.
   */
  synchronized void checkCommits(Map<Integer, Long> committed) {
    List<String> lost = lost(committed);
    if (!lost.isEmpty()) {
      throw new AssertionError(
          lost.size() + " committed and unfinished, for example " + lost.getFirst());
    }
    committed.forEach(
        (partition, offset) -> {
          Long before = lastCommitted.put(partition, offset);
          if (before != null && before > offset) {
            throw new AssertionError(
                "partition %d was committed back from %d to %d"
                    .formatted(partition, before, offset));
          }
        });
  }

  /** Fails unless every accepted record is finished or still queued. */
  void check(Map<Integer, Long> committed) {
    checkCommits(committed);
    if (!violations.isEmpty()) {
      throw new AssertionError(violations.size() + " violations, first: " + violations.peek());
    }
    entries.forEach(
        (key, entry) -> {
          if (entry.accepted == null) {
            throw new AssertionError("handled, but never accepted: " + key);
          }
          if (entry.handled.get() > 0 && entry.deadLetter != null) {
            throw new AssertionError("handled, and a dead letter too: " + key);
          }
        });
  }

  /** One line for the record. */
  void report(String row, Map<Integer, Long> committed) {
    int lost = lost(committed).size();
    System.out.printf(
        "%s accepted=%d completed=%d duplicates=%d dead_letters=%d queued=%d lost=%d"
            + " longest_wait_ms=%d%n",
        row,
        accepted(),
        completed(),
        duplicates(),
        deadLetters().size(),
        unfinished().size() - lost,
        lost,
        longestWait().toMillis());
  }

  private List<String> lost(Map<Integer, Long> committed) {
    return entries.entrySet().stream()
        .filter(entry -> entry.getValue().committed(committed) && !entry.getValue().finished())
        .map(Map.Entry::getKey)
        .toList();
  }

  private Collection<Entry> handledEntries() {
    return entries.values().stream().filter(entry -> entry.handled.get() > 0).toList();
  }

  private Entry entry(String key) {
    return entries.computeIfAbsent(key, unused -> new Entry());
  }
}
