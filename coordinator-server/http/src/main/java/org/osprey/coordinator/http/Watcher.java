package org.osprey.coordinator.http;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One who watches: the pictures that are on their way to it, two at most. */
@ThreadSafe
final class Watcher {
  private static final int ROOM = 2;

  private final Runnable cut;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private final Queue<byte[]> pictures = new ArrayDeque<>(ROOM);

  @GuardedBy("lock")
  private boolean ended;

  Watcher(Runnable cut) {
    this.cut = cut;
  }

  /** Whether there was room. */
  boolean offer(byte[] picture) {
    lock.lock();
    try {
      if (pictures.size() == ROOM) {
        return false;
      }
      pictures.add(picture);
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The next picture; null when none came in that time, or it has ended. */
  byte @Nullable [] next(Duration atMost) throws InterruptedException {
    lock.lock();
    try {
      long left = atMost.toNanos();
      while (pictures.isEmpty() && !ended && left > 0) {
        left = changed.awaitNanos(left);
      }
      return ended ? null : pictures.poll();
    } finally {
      lock.unlock();
    }
  }

  boolean ended() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  /** Nothing comes any more. */
  void end() {
    lock.lock();
    try {
      ended = true;
      pictures.clear();
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Ends it, and its connection too: whoever writes to it may hang. */
  void cut() {
    end();
    cut.run();
  }
}
