package org.osprey.coordinator.kafka;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The room for unfinished records of this process, whatever partition they came from and whether we
 * still have that partition. The source's loop takes room, any thread gives it back.
 */
@ThreadSafe
final class InFlight {
  private final int maxActions;
  private final long maxBytes;
  private final AtomicInteger actions = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong finished = new AtomicLong();
  private volatile @Nullable Thread waiting;

  InFlight(int maxActions, long maxBytes) {
    this.maxActions = maxActions;
    this.maxBytes = maxBytes;
  }

  /** For one thread only. */
  boolean take(long size) {
    boolean room = actions.get() < maxActions && bytes.get() + size <= maxBytes;
    if (!room && actions.get() > 0) {
      return false;
    }
    actions.incrementAndGet();
    bytes.addAndGet(size);
    return true;
  }

  void giveBack(long size) {
    bytes.addAndGet(-size);
    actions.decrementAndGet();
    finished.incrementAndGet();
    Thread waiter = waiting;
    if (waiter != null && hasMuchRoom()) {
      LockSupport.unpark(waiter);
    }
  }

  /**
   * Blocks until a good part of the room is free, so that the waiter does not wake up for each
   * record, or until the time is over. For one thread only.
   */
  void awaitRoom(Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    waiting = Thread.currentThread();
    for (long left = atMost.toNanos();
        left > 0 && !hasMuchRoom() && !Thread.currentThread().isInterrupted();
        left = end - System.nanoTime()) {
      LockSupport.parkNanos(this, left);
    }
    waiting = null;
  }

  int actions() {
    return actions.get();
  }

  long bytes() {
    return bytes.get();
  }

  /** How often room was given back. */
  long finished() {
    return finished.get();
  }

  private boolean hasMuchRoom() {
    return actions.get() <= maxActions - Math.max(1, maxActions / 10)
        && bytes.get() <= maxBytes - maxBytes / 10;
  }
}
