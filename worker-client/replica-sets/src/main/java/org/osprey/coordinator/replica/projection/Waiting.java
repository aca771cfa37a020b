package org.osprey.coordinator.replica.projection;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Lets one thread wait; others wake it, or end its waiting for good. */
final class Waiting {
  /** Has a permit when there may be something to do. */
  private final Semaphore woken = new Semaphore(0);

  private volatile boolean stopping;

  void wake() {
    if (woken.availablePermits() == 0) {
      woken.release();
    }
  }

  void stop() {
    stopping = true;
    wake();
  }

  boolean isStopping() {
    return stopping;
  }

  /** Ends early when it is woken, or was since the last time. */
  void awaitWake(Duration pause) throws InterruptedException {
    if (!stopping) {
      boolean unused = woken.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /**
   * Ends early only when it is to stop: after a failure, new events are no reason to try again.
   *
   * @param nanos of the clock that pauses are measured with
   */
  void awaitStop(Duration pause, LongSupplier nanos) throws InterruptedException {
    long until = nanos.getAsLong() + pause.toNanos();
    for (long left = pause.toNanos(); !stopping && left > 0; left = until - nanos.getAsLong()) {
      boolean unused = woken.tryAcquire(left, TimeUnit.NANOSECONDS);
    }
  }
}
