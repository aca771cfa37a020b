package org.osprey.coordinator.nats;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The room for unfinished messages of this process. Only what has room is asked for, so taking room
 * always succeeds. The source's loop takes room, any thread gives it back.
 */
@ThreadSafe
final class InFlight {
  private final int maxActions;
  private final long maxBytes;
  private final AtomicInteger actions = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private volatile @Nullable Thread waiting;

  InFlight(int maxActions, long maxBytes) {
    this.maxActions = maxActions;
    this.maxBytes = maxBytes;
  }

  void take(long size) {
    actions.incrementAndGet();
    bytes.addAndGet(size);
  }

  void giveBack(long size) {
    bytes.addAndGet(-size);
    actions.decrementAndGet();
    Thread waiter = waiting;
    if (waiter != null && hasMuchRoom()) {
      LockSupport.unpark(waiter);
    }
  }

  /**
   * Blocks until a good part of the room is free, so that the waiter does not wake up for each
   * message, or until the time is over. For one thread only.
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

  /** Whether asking for more is worth it. */
  boolean hasMuchRoom() {
    return actions.get() <= maxActions - Math.max(1, maxActions / 10)
        && (bytes.get() <= maxBytes - maxBytes / 10 || actions.get() == 0);
  }

  int freeActions() {
    return maxActions - actions.get();
  }

  long freeBytes() {
    return maxBytes - bytes.get();
  }

  int actions() {
    return actions.get();
  }

  long bytes() {
    return bytes.get();
  }
}
