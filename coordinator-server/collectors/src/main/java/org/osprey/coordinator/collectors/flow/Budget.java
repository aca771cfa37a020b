package org.osprey.coordinator.collectors.flow;

import com.google.errorprone.annotations.ThreadSafe;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The room in all rings together. Half of it is reserved in equal parts for the collectors that
 * have a way in, the rest is for whoever needs it: one that floods takes nothing from what is
 * reserved for others. What is over a reserve that became smaller drains, and is not thrown out.
 */
@ThreadSafe
final class Budget {
  /** What is borrowed at once, so that not every event counts in a place that all share. */
  private static final long EVENTS_AT_ONCE = 64;

  private static final long BYTES_AT_ONCE = 32 * 1024;

  private final Pool events;
  private final Pool bytes;

  Budget(long events, long bytes) {
    this.events = new Pool(events, EVENTS_AT_ONCE);
    this.bytes = new Pool(bytes, BYTES_AT_ONCE);
  }

  /** Divides the reserve anew. */
  void divide(int collectors) {
    events.divide(collectors);
    bytes.divide(collectors);
  }

  /** Whether an event could never be taken, however empty the rings are. */
  boolean tooLarge(int size) {
    return size > bytes.reserve + bytes.shared;
  }

  Share share() {
    return new Share();
  }

  private static final class Pool {
    private final long reserved;
    private final long shared;
    private final long atOnce;
    private final AtomicLong free;
    private volatile long reserve;

    Pool(long total, long atOnce) {
      reserved = total / 2;
      shared = total - reserved;
      free = new AtomicLong(shared);
      this.atOnce = Math.min(atOnce, Math.max(1, shared / 8));
      divide(1);
    }

    void divide(int parts) {
      reserve = Math.max(1, reserved / Math.max(1, parts));
    }

    boolean borrow(long much) {
      long now = free.get();
      while (now >= much) {
        if (free.compareAndSet(now, now - much)) {
          return true;
        }
        now = free.get();
      }
      return false;
    }
  }

  /** What one collector has of a pool. */
  private static final class Part {
    private final Pool pool;
    private long used;
    private long borrowed;

    Part(Pool pool) {
      this.pool = pool;
    }

    boolean covers(long more) {
      long missing = used + more - pool.reserve - borrowed;
      if (missing <= 0) {
        return true;
      }
      long atOnce = Math.max(missing, pool.atOnce);
      if (pool.borrow(atOnce)) {
        borrowed += atOnce;
        return true;
      }
      if (pool.borrow(missing)) {
        borrowed += missing;
        return true;
      }
      return false;
    }

    void giveBack(long much) {
      used -= much;
      long needed = Math.max(0, used - pool.reserve);
      long kept = needed == 0 ? 0 : needed + pool.atOnce;
      if (borrowed > kept) {
        pool.free.addAndGet(borrowed - kept);
        borrowed = kept;
      }
    }
  }

  /** What the ring of one collector uses. */
  final class Share {
    private final Part ofEvents = new Part(events);
    private final Part ofBytes = new Part(bytes);

    /**
     * @return false when there is no room for an event of this size now
     */
    boolean take(int size) {
      if (!ofEvents.covers(1) || !ofBytes.covers(size)) {
        return false;
      }
      ofEvents.used++;
      ofBytes.used += size;
      return true;
    }

    void giveBack(int count, long size) {
      ofEvents.giveBack(count);
      ofBytes.giveBack(size);
    }
  }
}
