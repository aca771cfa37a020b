package org.osprey.coordinator.replica.member;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a step again and again on a thread of its own; no failure of a step ends it. */
final class Loop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Loop.class);

  private final Thread thread;
  private final Supplier<Duration> step;
  private final Duration afterFailure;
  private final AtomicLong failures = new AtomicLong();

  /** Has a permit when the next step is to begin at once. */
  private final Semaphore woken = new Semaphore(0);

  private volatile boolean closing;

  /** Belongs to the thread. */
  private boolean failing;

  /**
   * @param afterFailure the pause behind a step that threw
   * @param step answers how long to wait before the next
   */
  Loop(String name, Duration afterFailure, Supplier<Duration> step) {
    this.afterFailure = afterFailure;
    this.step = step;
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Ends the pause. */
  void wake() {
    if (woken.availablePermits() == 0) {
      woken.release();
    }
  }

  /** How often a step threw. */
  long failures() {
    return failures.get();
  }

  private void run() {
    try {
      while (!closing) {
        boolean unused = woken.tryAcquire(step().toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @SuppressWarnings({"CatchingUnchecked", "CatchGeneralException"}) // it outlives every failure
  private Duration step() {
    try {
      Duration pause = step.get();
      well();
      return pause;
    } catch (RuntimeException e) {
      failed(e);
      return afterFailure;
    }
  }

  private void well() {
    if (failing) {
      failing = false;
      log.info("well again: loop={}", thread.getName());
    }
  }

  /** One line when it begins, and not one for each try. */
  private void failed(RuntimeException failure) {
    failures.incrementAndGet();
    if (!failing) {
      failing = true;
      log.warn(
          "in trouble, will go on trying: loop={} trouble=\"{}\"",
          thread.getName(),
          failure.getCause() == null ? failure : failure.getCause().getMessage(),
          failure);
    }
  }

  /** Ends after the step that is running. */
  @Override
  public void close() {
    closing = true;
    wake();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
