package org.osprey.coordinator.kafka;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/**
 * Which records of one assigned partition are unfinished, from the oldest unfinished one to the
 * newest. Records are added by the source's loop in the order of the partition and finish on any
 * thread in any order. Offsets may have gaps, and may start again when the topic was made anew:
 * only the order of adding counts.
 */
@ThreadSafe
final class OffsetWindow {
  /** Nothing was ever read. */
  static final long NO_POSITION = -1;

  private static final int FIRST_LENGTH = 16;

  private final int capacity;
  private final int maxUncommitted;

  // A ring that is as long as a power of two; ticket & (length - 1) is the place.
  @GuardedBy("this")
  private long[] offsets = new long[FIRST_LENGTH];

  @GuardedBy("this")
  private long[] addedAt = new long[FIRST_LENGTH];

  /** Ticket of the oldest unfinished record; equal to {@code newest} when there is none. */
  @GuardedBy("this")
  private long oldest;

  /** Ticket of the record that will be added next. */
  @GuardedBy("this")
  private long newest;

  /** The offset after the last record that was read. */
  @GuardedBy("this")
  private long next = NO_POSITION;

  /** Ticket of the oldest record that no commit covers. */
  @GuardedBy("this")
  private long uncommitted;

  @GuardedBy("this")
  private boolean closed;

  /**
   * @param addedAt ticker nanoseconds
   */
  record Unfinished(long offset, long addedAt) {}

  /**
   * What may be committed.
   *
   * @param offset before which everything is finished, or {@link #NO_POSITION}
   * @param ticket of the record there
   */
  record Position(long offset, long ticket) {}

  /**
   * @param capacity records from the oldest unfinished to the newest
   * @param maxUncommitted records that are finished and could be committed; they come again when
   *     the partition is lost
   */
  OffsetWindow(int capacity, int maxUncommitted) {
    this.capacity = capacity;
    this.maxUncommitted = maxUncommitted;
  }

  /** Whether records have to wait, for others to finish or for a commit. */
  synchronized boolean isFull() {
    return newest - oldest >= capacity || oldest - uncommitted >= maxUncommitted;
  }

  /**
   * @param now ticker nanoseconds
   * @return the ticket to finish it with
   */
  synchronized long add(long offset, long now) {
    if (newest - oldest >= capacity) {
      throw new IllegalStateException("window is full, capacity=" + capacity);
    }
    if (newest - oldest == offsets.length) {
      grow();
    }
    offsets[place(newest)] = offset;
    addedAt[place(newest)] = now;
    next = offset + 1;
    return newest++;
  }

  /** Everything before {@code offset} was added or holds no record. */
  synchronized void readTo(long offset) {
    next = offset;
  }

  /** Counts a record as finished; after {@link #close} it changes nothing. */
  synchronized void finish(long ticket) {
    if (closed || ticket < oldest || ticket >= newest) {
      return;
    }
    int place = place(ticket);
    if (offsets[place] >= 0) {
      offsets[place] = ~offsets[place];
    }
    while (oldest < newest && offsets[place(oldest)] < 0) {
      oldest++;
    }
  }

  synchronized Position position() {
    return new Position(oldest == newest ? next : offsets[place(oldest)], oldest);
  }

  /** The broker knows it now. */
  synchronized void committed(Position position) {
    uncommitted = Math.max(uncommitted, position.ticket());
  }

  synchronized @Nullable Unfinished oldestUnfinished() {
    if (closed || oldest == newest) {
      return null;
    }
    return new Unfinished(offsets[place(oldest)], addedAt[place(oldest)]);
  }

  /** The partition is somebody else's now. */
  synchronized void close() {
    closed = true;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  @GuardedBy("this")
  private int place(long ticket) {
    return (int) ticket & (offsets.length - 1);
  }

  @GuardedBy("this")
  private void grow() {
    long[] wider = new long[offsets.length * 2];
    long[] widerAddedAt = new long[wider.length];
    for (long ticket = oldest; ticket < newest; ticket++) {
      int to = (int) ticket & (wider.length - 1);
      wider[to] = offsets[place(ticket)];
      widerAddedAt[to] = addedAt[place(ticket)];
    }
    offsets = wider;
    addedAt = widerAddedAt;
  }
}
