package org.osprey.coordinator.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Remembers the actions that ended last. It keeps no payloads and allocates nothing, so that it may
 * see every action. Not thread-safe: the dispatcher's lock guards it.
 */
final class EndedActions {
  private static final int SIZE = 128;

  private final long[] ids = new long[SIZE];
  private final String[] names = new String[SIZE];
  private final String[] sources = new String[SIZE];
  private final Lane[] lanes = new Lane[SIZE];
  private final EndedAction.Kind[] outcomes = new EndedAction.Kind[SIZE];
  private final long[] offeredAt = new long[SIZE];
  private final long[] endedAt = new long[SIZE];
  private long ended;

  void add(Delivery delivery, Outcome outcome, long now) {
    int slot = slot(ended++);
    ids[slot] = delivery.action().id();
    names[slot] = delivery.action().name();
    sources[slot] = delivery.source();
    lanes[slot] = delivery.lane();
    outcomes[slot] = EndedAction.Kind.of(outcome);
    offeredAt[slot] = delivery.offeredAt;
    endedAt[slot] = now;
  }

  /** The newest first. */
  List<EndedAction> last(int limit, long now) {
    List<EndedAction> last = new ArrayList<>();
    long end = Math.max(0, ended - Math.min(limit, SIZE));
    for (long i = ended - 1; i >= end; i--) {
      int slot = slot(i);
      last.add(
          new EndedAction(
              ids[slot],
              names[slot],
              lanes[slot],
              sources[slot],
              outcomes[slot],
              Duration.ofNanos(endedAt[slot] - offeredAt[slot]),
              Duration.ofNanos(now - endedAt[slot])));
    }
    return last;
  }

  private static int slot(long index) {
    return (int) (index % SIZE);
  }
}
