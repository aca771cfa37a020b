package org.osprey.coordinator.database;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.osprey.coordinator.database.DatabaseException.Reason;

/** What waits to be written, in order. Any thread puts in, the writer takes out. */
@ThreadSafe
final class WriteQueue {
  private final String place;

  @SuppressWarnings("ThreadSafe") // what is in it belongs to the writer
  private final ArrayBlockingQueue<PendingWrite<?>> waiting;

  private final AtomicLong refused = new AtomicLong();
  private volatile boolean closed;

  WriteQueue(String place, int size) {
    this.place = place;
    waiting = new ArrayBlockingQueue<>(size);
  }

  /** Never blocks; what finds no room has failed afterwards. */
  void put(PendingWrite<?> write) {
    if (closed) {
      refuseClosed(write);
      return;
    }
    if (!waiting.offer(write)) {
      refused.incrementAndGet();
      write.giveUp(Reason.QUEUE_FULL, place + ": too much waits to be written", null);
      return;
    }
    if (closed && waiting.remove(write)) {
      refuseClosed(write);
    }
  }

  /**
   * @return empty when nothing came in time
   */
  List<PendingWrite<?>> take(int most, Duration atMost) throws InterruptedException {
    List<PendingWrite<?>> taken = new ArrayList<>();
    PendingWrite<?> first = waiting.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
    if (first != null) {
      taken.add(first);
      waiting.drainTo(taken, most - 1);
    }
    return taken;
  }

  /** Takes what nobody should wait for any longer. */
  List<PendingWrite<?>> takeOverdue(long now) {
    List<PendingWrite<?>> overdue = new ArrayList<>();
    for (PendingWrite<?> write = waiting.peek();
        write != null && write.overdue(now);
        write = waiting.peek()) {
      overdue.add(waiting.remove());
    }
    return overdue;
  }

  List<PendingWrite<?>> takeAll() {
    List<PendingWrite<?>> all = new ArrayList<>();
    waiting.drainTo(all);
    return all;
  }

  /** From now on nothing comes in. */
  void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }

  int size() {
    return waiting.size();
  }

  long refused() {
    return refused.get();
  }

  private void refuseClosed(PendingWrite<?> write) {
    write.giveUp(Reason.CLOSED, place + ": closed", null);
  }
}
