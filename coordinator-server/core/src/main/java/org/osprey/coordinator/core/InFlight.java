package org.osprey.coordinator.core;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The room of a source for actions that are accepted and unfinished. The source's loop takes room,
 * any thread gives it back.
 */
@ThreadSafe
public final class InFlight {
  private final int maxActions;
  private final long maxBytes;
  private final AtomicInteger actions = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong finished = new AtomicLong();
  private volatile @Nullable Thread waiting;

  /**
   * @param maxBytes one larger action has room when there is none other
   */
  public InFlight(int maxActions, long maxBytes) {
    this.maxActions = maxActions;
    this.maxBytes = maxBytes;
  }

  /**
   * For one thread only.
   *
   * @return false when there is no room, and nothing was taken
   */
  public boolean tryTake(long size) {
    boolean room = actions.get() < maxActions && bytes.get() + size <= maxBytes;
    if (!room && actions.get() > 0) {
      return false;
    }
    take(size);
    return true;
  }

  /** Takes room whether there is any or not: for what was asked for when there was. */
  public void take(long size) {
    actions.incrementAndGet();
    bytes.addAndGet(size);
  }

  public void giveBack(long size) {
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
   * action, or until the time is over. For one thread only.
   */
  public void awaitRoom(Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    waiting = Thread.currentThread();
    for (long left = atMost.toNanos();
        left > 0 && !hasMuchRoom() && !Thread.currentThread().isInterrupted();
        left = end - System.nanoTime()) {
      LockSupport.parkNanos(this, left);
    }
    waiting = null;
  }

  /** Whether a good part of the room is free. */
  public boolean hasMuchRoom() {
    return actions.get() <= maxActions - Math.max(1, maxActions / 10)
        && (bytes.get() <= maxBytes - maxBytes / 10 || actions.get() == 0);
  }

  public int freeActions() {
    return maxActions - actions.get();
  }

  public long freeBytes() {
    return maxBytes - bytes.get();
  }

  public int actions() {
    return actions.get();
  }

  public long bytes() {
    return bytes.get();
  }

  /** How often room was given back. */
  public long finished() {
    return finished.get();
  }
}
