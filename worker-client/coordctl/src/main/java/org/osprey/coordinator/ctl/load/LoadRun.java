package org.osprey.coordinator.ctl.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Callers, each on a virtual thread, that call until the time is up. */
final class LoadRun {
  private static final double NANOS_PER_SECOND = 1e9;

  /** A refusal comes quicker than verdicts, and must not make the load heavier. */
  private static final long AFTER_ERROR = TimeUnit.MILLISECONDS.toNanos(10);

  private final LoadPlan plan;
  private final Call call;
  private final Results results = new Results();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final List<Thread> callers = new ArrayList<>();
  private final long start = System.nanoTime();
  private final long measuredFrom;
  private volatile long end;

  LoadRun(LoadPlan plan, Call call) {
    this.plan = plan;
    this.call = call;
    measuredFrom = start + plan.warmUp().toNanos();
    end = measuredFrom + plan.duration().toNanos();
  }

  void start() {
    Pace pace = new Pace(start, plan.rate());
    for (int i = 0; i < plan.callers(); i++) {
      callers.add(Thread.ofVirtual().name("caller-" + i).start(() -> run(pace)));
    }
  }

  /** No more calls; those that are out are waited for. */
  synchronized void stop() {
    end = Math.min(end, System.nanoTime());
    stop.countDown();
    callers.forEach(LockSupport::unpark);
  }

  /**
   * Waits for the end, or for {@link #stop}.
   *
   * @return whether it has come
   */
  boolean await(long nanos) throws InterruptedException {
    long rest = Math.min(nanos, end - System.nanoTime());
    boolean over = stop.await(Math.max(0, rest), TimeUnit.NANOSECONDS) || System.nanoTime() >= end;
    if (over) {
      stop();
      for (Thread caller : callers) {
        caller.join();
      }
    }
    return over;
  }

  Results results() {
    return results;
  }

  /** Seconds of measurement so far; negative while it warms up. */
  double seconds() {
    return (Math.min(System.nanoTime(), end) - measuredFrom) / NANOS_PER_SECOND;
  }

  /** Calls that were due and not sent, because every caller was busy; 0 without a rate. */
  long unsent() {
    double due = plan.rate() * Math.max(0, seconds());
    return Math.max(0, Math.round(due) - results.good() - results.failed());
  }

  private void run(Pace pace) {
    while (true) {
      long due = pace.due(System.nanoTime());
      if (!arrives(due)) {
        return;
      }
      String answer = call.send();
      if (due >= measuredFrom) {
        results.add(answer, System.nanoTime() - due);
      }
      if (!answer.equals(Call.OK)) {
        LockSupport.parkNanos(AFTER_ERROR);
      }
    }
  }

  /** Waits until {@code due}; false when the end comes before. */
  private boolean arrives(long due) {
    if (due >= end) {
      return false;
    }
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      if (stop.getCount() == 0) {
        return false;
      }
      LockSupport.parkNanos(left);
    }
    return stop.getCount() > 0;
  }
}
