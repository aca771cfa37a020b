package org.osprey.coordinator.collectors.lifecycle;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.osprey.coordinator.collector.Collector;
import org.osprey.coordinator.collector.Health;
import org.osprey.coordinator.core.Ticker;

/** Asks a collector how it is, on a thread of its own: the answer may never come. */
@ThreadSafe
final class HealthWatch {
  private final Ticker ticker;
  private final Duration every;
  private final Duration answerWithin;

  @GuardedBy("this")
  private Health latest = Health.ok("running");

  @GuardedBy("this")
  private boolean asking;

  @GuardedBy("this")
  private long asked;

  @GuardedBy("this")
  private boolean stopped;

  HealthWatch(Ticker ticker, LifecycleLimits limits) {
    this.ticker = ticker;
    every = limits.healthEvery();
    answerWithin = limits.healthAnswer();
  }

  /** The body of the thread. */
  void watch(Collector collector) {
    try {
      while (ask()) {
        answered(health(collector));
        rest();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  synchronized void stop() {
    stopped = true;
    notifyAll();
  }

  synchronized Health health() {
    Duration waiting = Duration.ofNanos(ticker.nanos() - asked);
    return asking && waiting.compareTo(answerWithin) > 0
        ? Health.failed("health() has not answered for %d s".formatted(waiting.toSeconds()))
        : latest;
  }

  @SuppressWarnings({"CatchingUnchecked", "ConstantValue"}) // others may throw and return anything
  private static Health health(Collector collector) {
    try {
      Health health = collector.health();
      return health == null || health.detail() == null
          ? Health.failed("health() returned null")
          : health;
    } catch (Throwable e) {
      if (CollectorThreads.isFatal(e)) {
        throw (VirtualMachineError) e;
      }
      return Health.failed("health() threw " + e);
    }
  }

  private synchronized boolean ask() {
    asking = !stopped;
    asked = ticker.nanos();
    return asking;
  }

  private synchronized void answered(Health health) {
    asking = false;
    latest = health;
  }

  private synchronized void rest() throws InterruptedException {
    long end = ticker.nanos() + every.toNanos();
    for (long left = every.toNanos(); !stopped && left > 0; left = end - ticker.nanos()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }
}
