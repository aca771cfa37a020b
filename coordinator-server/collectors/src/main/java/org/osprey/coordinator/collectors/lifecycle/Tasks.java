package org.osprey.coordinator.collectors.lifecycle;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collector.CollectorContext.Task;
import org.osprey.coordinator.core.Ticker;

/**
 * The polls of one instance, one at a time, on one thread of it. A poll that takes longer than its
 * interval makes those it missed up to one. The first that throws is the last.
 */
@ThreadSafe
final class Tasks {
  private static final int MOST = 1_000;

  private final Ticker ticker;
  private final Consumer<Runnable> thread;
  private final Consumer<Throwable> failed;

  @GuardedBy("this")
  private final PriorityQueue<Poll> polls =
      new PriorityQueue<>(Comparator.comparingLong((Poll poll) -> poll.due));

  @GuardedBy("this")
  private boolean begun;

  @GuardedBy("this")
  private boolean stopped;

  @GuardedBy("this")
  private boolean busy;

  /** Belongs to the lock of {@link Tasks}. */
  private record Poll(Task task, long interval, long due) {
    Poll next(long now) {
      return new Poll(task, interval, Math.max(now, due + interval));
    }
  }

  /**
   * @param thread starts one
   */
  Tasks(Ticker ticker, Consumer<Runnable> thread, Consumer<Throwable> failed) {
    this.ticker = ticker;
    this.thread = thread;
    this.failed = failed;
  }

  /**
   * @param share of the interval after which it runs first, in [0, 1)
   */
  synchronized void every(Duration interval, double share, Task task) {
    if (interval.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException("interval must be at least 1ms, got " + interval);
    }
    if (polls.size() >= MOST) {
      throw new IllegalStateException("a collector may have at most %d tasks".formatted(MOST));
    }
    long nanos = interval.toNanos();
    polls.add(new Poll(task, nanos, ticker.nanos() + (long) (nanos * share)));
    notifyAll();
    if (!begun && !stopped) {
      begun = true;
      thread.accept(this::loop);
    }
  }

  /** No more of them begins. */
  synchronized void stop() {
    stopped = true;
    notifyAll();
  }

  /** Whether none runs. */
  synchronized boolean idle() {
    return !busy;
  }

  @SuppressWarnings("CatchingUnchecked") // also what a collector should not throw
  private void loop() {
    try {
      for (Poll poll = take(); poll != null; poll = take()) {
        poll.task.run();
        done(poll);
      }
    } catch (Throwable e) {
      failed.accept(e);
      if (CollectorThreads.isFatal(e)) {
        throw (VirtualMachineError) e;
      }
    } finally {
      ended();
    }
  }

  /** Waits for the next one. */
  private synchronized @Nullable Poll take() throws InterruptedException {
    while (!stopped) {
      Poll next = polls.peek();
      long wait = next == null ? Long.MAX_VALUE : next.due - ticker.nanos();
      if (wait <= 0) {
        busy = true;
        return polls.remove();
      }
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(wait, 1));
    }
    return null;
  }

  private synchronized void done(Poll poll) {
    busy = false;
    polls.add(poll.next(ticker.nanos()));
  }

  private synchronized void ended() {
    busy = false;
    stopped = true;
  }
}
