package org.osprey.coordinator.collectors.lifecycle;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** When the loop looks at collectors: every so often, and at once when it is woken. */
@ThreadSafe
final class Turns {
  private final Duration every;

  @GuardedBy("this")
  private boolean woken;

  Turns(Duration every) {
    this.every = every;
  }

  synchronized void wake() {
    woken = true;
    notifyAll();
  }

  /** Waits for the next turn; those who await what a turn does look again. */
  synchronized void next() throws InterruptedException {
    notifyAll();
    long end = System.nanoTime() + every.toNanos();
    for (long left = every.toNanos(); !woken && left > 0; left = end - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    woken = false;
  }

  synchronized void await(Duration atMost, BooleanSupplier done) {
    long end = System.nanoTime() + atMost.toNanos();
    try {
      for (long left = atMost.toNanos();
          !done.getAsBoolean() && left > 0;
          left = end - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
