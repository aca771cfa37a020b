package org.osprey.coordinator.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * The connected streams, grouped by what they take, and in each group those that could take an
 * action now, longest wait first. Not thread-safe: the dispatcher's lock guards it.
 */
final class WaitingStreams {
  private final Map<ActionNames, Pool> pools = new HashMap<>();
  private long turns;

  /** The streams that take the same actions. */
  static final class Pool {
    private final ActionNames names;
    private final SequencedSet<WorkerStream> waiting = new LinkedHashSet<>();
    private int connected;

    private Pool(ActionNames names) {
      this.names = names;
    }

    ActionNames names() {
      return names;
    }
  }

  Pool join(ActionNames names) {
    Pool pool = pools.computeIfAbsent(names, Pool::new);
    pool.connected++;
    return pool;
  }

  /** The stream is gone for good. */
  void leave(WorkerStream stream) {
    Pool pool = stream.pool();
    pool.waiting.remove(stream);
    if (--pool.connected == 0) {
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

  int connected() {
    return pools.values().stream().mapToInt(pool -> pool.connected).sum();
  }
}
