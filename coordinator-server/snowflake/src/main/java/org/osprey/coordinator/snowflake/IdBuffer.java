package org.osprey.coordinator.snowflake;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;

/**
 * Ids that are at hand, in the order they came. One lock, held for a few instructions by takers and
 * for one copy by the filler: event loops may call it.
 */
@ThreadSafe
final class IdBuffer {
  /** No id: on the wire, 0 stands for an id that is absent. */
  static final long DRY = 0;

  @GuardedBy("this")
  private final long[] ring;

  @GuardedBy("this")
  private int head;

  @GuardedBy("this")
  private int size;

  @GuardedBy("this")
  private long taken;

  IdBuffer(int capacity) {
    ring = new long[capacity];
  }

  /**
   * @return an id, or {@link #DRY}
   */
  synchronized long take() {
    if (size == 0) {
      return DRY;
    }
    long id = ring[head];
    head = (head + 1) % ring.length;
    size--;
    taken++;
    return id;
  }

  /**
   * @throws IllegalStateException when there is no room for all of them
   */
  synchronized void add(long[] ids) {
    if (ids.length > ring.length - size) {
      throw new IllegalStateException(
          "no room for %d ids, %d of %d are used".formatted(ids.length, size, ring.length));
    }
    int tail = (head + size) % ring.length;
    int first = Math.min(ids.length, ring.length - tail);
    System.arraycopy(ids, 0, ring, tail, first);
    System.arraycopy(ids, first, ring, 0, ids.length - first);
    size += ids.length;
  }

  synchronized int size() {
    return size;
  }

  /** How many were taken so far. */
  synchronized long taken() {
    return taken;
  }
}
