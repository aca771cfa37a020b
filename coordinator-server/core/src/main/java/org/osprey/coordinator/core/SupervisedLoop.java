package org.osprey.coordinator.core;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one step over and over on a thread of its own until it is closed. A step that throws is
 * counted, logged, and tried again after a backoff, so that no failure ends the loop for good.
 */
@ThreadSafe
public final class SupervisedLoop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SupervisedLoop.class);
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(10);

  private final String name;
  private final Step step;
  private final Ticker ticker;
  private final Duration stuckAfter;
  private final Thread thread;

  private volatile boolean closing;
  private volatile long lastProgress;
  private final AtomicLong failures = new AtomicLong();
  private volatile @Nullable Throwable lastFailure;
  private volatile @Nullable RuntimeException drill;

  /** One turn of a loop. It does a bounded piece of work, which may include waiting. */
  @FunctionalInterface
  public interface Step {
    void run() throws Exception;
  }

  /**
   * @param stuckAfter without a finished step for so long the loop counts as stuck
   */
  public SupervisedLoop(String name, Ticker ticker, Duration stuckAfter, Step step) {
    this.name = name;
    this.ticker = ticker;
    this.stuckAfter = stuckAfter;
    this.step = step;
    thread = new Thread(this::loop, name);
    thread.setDaemon(true);
  }

  public void start() {
    lastProgress = ticker.nanos();
    thread.start();
  }

  /** Never throws. */
  public Check check() {
    Throwable failure = lastFailure;
    Duration silent = sinceProgress();
    if (failure != null) {
      return Check.failed(name, "failed %d times, last: %s".formatted(failures(), failure));
    }
    if (silent.compareTo(stuckAfter) > 0) {
      return Check.failed(name, "no progress for %d s".formatted(silent.toSeconds()));
    }
    return Check.ok(name, "running");
  }

  /** Never throws. */
  public LoopStats stats() {
    Duration silent = thread.isAlive() ? sinceProgress() : Duration.ZERO;
    boolean failing = thread.isAlive() && lastFailure != null;
    return new LoopStats(name, failures(), failing, silent, silent.compareTo(stuckAfter) > 0);
  }

  public String name() {
    return name;
  }

  /** How often a step threw. */
  public long failures() {
    return failures.get();
  }

  public Duration sinceProgress() {
    return Duration.ofNanos(ticker.nanos() - lastProgress);
  }

  /** Whether the loop is asked to end; a step that waits looks at this. */
  public boolean closing() {
    return closing;
  }

  /**
   * Has each turn throw this in place of its step, so that a drill shows what a failure does.
   *
   * @param failure null ends the drill
   */
  public void drill(@Nullable RuntimeException failure) {
    drill = failure;
  }

  /** Ends after the step that is running, which is not interrupted. */
  @Override
  public void close() {
    close(Duration.ofSeconds(10));
  }

  /**
   * @return whether the loop has ended
   */
  public boolean close(Duration atMost) {
    closing = true;
    LockSupport.unpark(thread);
    if (Thread.currentThread().equals(thread)) {
      return true;
    }
    try {
      return !thread.isAlive() || thread.join(atMost);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @SuppressWarnings("CatchingUnchecked") // a loop outlives every failure of its step
  private void loop() {
    Duration backoff = FIRST_BACKOFF;
    while (!closing) {
      try {
        turn();
        backoff = FIRST_BACKOFF;
        lastFailure = null;
        lastProgress = ticker.nanos();
      } catch (Throwable e) {
        failed(e);
        rest(backoff);
        backoff = longer(backoff);
      }
    }
  }

  private void turn() throws Exception {
    // A flag that an earlier turn left would end every wait of this one.
    boolean unused = Thread.interrupted();
    RuntimeException failure = drill;
    if (failure != null) {
      throw failure;
    }
    step.run();
  }

  private void failed(Throwable failure) {
    failures.incrementAndGet();
    lastFailure = failure;
    if (!closing) {
      log.error("loop failed and will be restarted: loop={} failures={}", name, failures, failure);
    }
  }

  private void rest(Duration backoff) {
    long end = System.nanoTime() + backoff.toNanos();
    while (!closing && end - System.nanoTime() > 0) {
      LockSupport.parkNanos(this, Math.max(1, end - System.nanoTime()));
    }
  }

  private static Duration longer(Duration backoff) {
    Duration twice = backoff.multipliedBy(2);
    return twice.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : twice;
  }
}
