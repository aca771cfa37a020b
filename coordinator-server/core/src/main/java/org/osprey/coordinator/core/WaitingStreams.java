package org.osprey.coordinator.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * The connected streams, grouped by what they take, and in each group those that could take an
 * action now, longest wait first. Not thread-safe: the dispatcher's lock guards it.
 */
final class WaitingStreams {
  private static final Comparator<WorkerStream> BUSIEST_FIRST =
      Comparator.comparingInt(WorkerStream::inFlight)
          .reversed()
          .thenComparingLong(WorkerStream::id);

  private final Map<ActionNames, Pool> pools = new HashMap<>();

  /** By id, in the order in which they came. */
  private final Map<Long, WorkerStream> connected = new LinkedHashMap<>();

  private long turns;

  // Kept up with every event, so that nobody has to go through all streams for them.
  private int credits;
  private int inUse;
  private int busy;

  /** The streams that take the same actions. */
  static final class Pool {
    private final ActionNames names;
    private final SequencedSet<WorkerStream> waiting = new LinkedHashSet<>();
    private int size;

    private Pool(ActionNames names) {
      this.names = names;
    }

    ActionNames names() {
      return names;
    }
  }

  /** The pool for a stream that is about to {@link #join}. */
  Pool pool(ActionNames names) {
    return pools.computeIfAbsent(names, Pool::new);
  }

  void join(WorkerStream stream) {
    stream.pool().size++;
    credits += stream.credits();
    connected.put(stream.id(), stream);
  }

  /** One more action is out at the stream. */
  void leased(WorkerStream stream) {
    inUse++;
    busy += stream.inFlight() == 1 ? 1 : 0;
  }

  /** One action less is out at the stream. */
  void answered(WorkerStream stream) {
    inUse--;
    busy -= stream.inFlight() == 0 ? 1 : 0;
  }

  DispatcherStats.Credits credits() {
    return new DispatcherStats.Credits(credits, inUse, busy);
  }

  /** The stream is gone for good, with what is still out at it. */
  void leave(WorkerStream stream) {
    Pool pool = stream.pool();
    pool.waiting.remove(stream);
    connected.remove(stream.id());
    credits -= stream.credits();
    inUse -= stream.inFlight();
    busy -= stream.inFlight() > 0 ? 1 : 0;
    if (--pool.size == 0) {
      pools.remove(pool.names);
    }
  }

  /** Puts a stream at the end of the line, if it does not stand in it. */
  void add(WorkerStream stream) {
    if (stream.pool().waiting.add(stream)) {
      stream.turn = ++turns;
    }
  }

  void remove(WorkerStream stream) {
    stream.pool().waiting.remove(stream);
  }

  /** Takes out the stream that waited longest among those that take such an action. */
  @Nullable WorkerStream take(String actionName) {
    WorkerStream longest = null;
    for (Pool pool : pools.values()) {
      if (pool.waiting.isEmpty() || !pool.names.matches(actionName)) {
        continue;
      }
      WorkerStream first = pool.waiting.getFirst();
      if (longest == null || first.turn < longest.turn) {
        longest = first;
      }
    }
    if (longest != null) {
      longest.pool().waiting.remove(longest);
    }
    return longest;
  }

  List<WorkerStream> waiting() {
    List<WorkerStream> waiting = new ArrayList<>();
    pools.values().forEach(pool -> waiting.addAll(pool.waiting));
    return waiting;
  }

  int waitingCount() {
    int count = 0;
    for (Pool pool : pools.values()) {
      count += pool.waiting.size();
    }
    return count;
  }

  @Nullable WorkerStream find(long id) {
    return connected.get(id);
  }

  /** Those who hold most, and among equals those who came first. */
  List<WorkerStream> busiest(int limit) {
    PriorityQueue<WorkerStream> kept = new PriorityQueue<>(BUSIEST_FIRST.reversed());
    for (WorkerStream stream : connected.values()) {
      kept.add(stream);
      if (kept.size() > limit) {
        kept.remove();
      }
    }
    return kept.stream().sorted(BUSIEST_FIRST).toList();
  }

  int connected() {
    return connected.size();
  }
}
