package org.osprey.coordinator.core;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Wakes a loop that rests. Signals that come before it rests again are one. */
@ThreadSafe
public final class Signal {
  private final Semaphore permits = new Semaphore(0);

  /** Any thread. */
  public void wake() {
    if (permits.availablePermits() == 0) {
      permits.release();
    }
  }

  /** For the loop; returns at once when it was woken since the last time. */
  public void await(Duration atMost) throws InterruptedException {
    boolean unused = permits.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS);
    permits.drainPermits();
  }
}
