package org.osprey.coordinator.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The loop takes each step from a script, and says when it is there for the next. */
@Timeout(120)
class SupervisedLoopTest {
  private static final Duration STUCK_AFTER = Duration.ofSeconds(10);
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final SupervisedLoop.Step NOTHING = () -> {};

  private final ManualTicker ticker = new ManualTicker();
  private final BlockingQueue<SupervisedLoop.Step> script = new LinkedBlockingQueue<>();
  private final Semaphore begun = new Semaphore(0);
  private final SupervisedLoop loop =
      new SupervisedLoop("turns", ticker, STUCK_AFTER, this::nextOfScript);

  private void nextOfScript() throws Exception {
    begun.release();
    script.take().run();
  }

  @AfterEach
  void end() {
    loop.close(Duration.ofNanos(1));
    script.add(NOTHING);
    loop.close();
  }

  @Test
  void runsStepAfterStep() throws InterruptedException {
    start();
    run(NOTHING);
    run(NOTHING);
    assertEquals(Check.ok("turns", "running"), loop.check());
    assertEquals(0, loop.failures());
  }

  @Test
  void aStepThatThrowsIsCountedAndTheLoopGoesOn() throws InterruptedException {
    start();
    run(failing(new IllegalStateException("first")));
    assertEquals(1, loop.failures());
    run(failing(new AssertionError("second")));
    assertEquals(2, loop.failures());
    run(NOTHING);
    assertEquals(2, loop.failures());
  }

  @Test
  void aFailureMakesTheCheckBadAndASuccessMakesItGoodAgain() throws InterruptedException {
    start();
    run(failing(new IllegalStateException("no luck")));
    assertEquals(
        Check.failed("turns", "failed 1 times, last: java.lang.IllegalStateException: no luck"),
        loop.check());
    run(NOTHING);
    assertEquals(Check.ok("turns", "running"), loop.check());
  }

  @Test
  void aDrillFailsInPlaceOfTheStepUntilItEnds() throws InterruptedException {
    start();
    loop.drill(new IllegalStateException("a drill"));
    script.add(NOTHING);
    while (loop.failures() < 2) {
      Thread.onSpinWait();
    }
    assertFalse(loop.check().healthy());
    assertEquals(0, begun.availablePermits());
    loop.drill(null);
    awaitBegun();
    run(NOTHING);
    assertTrue(loop.check().healthy());
  }

  @Test
  void aTurnDoesNotInheritAnInterrupt() throws InterruptedException {
    start();
    run(() -> Thread.currentThread().interrupt());
    run(NOTHING);
    assertEquals(0, loop.failures());
  }

  @Test
  void aStepThatDoesNotEndCountsAsStuck() throws InterruptedException {
    start();
    ticker.advance(STUCK_AFTER);
    assertTrue(loop.check().healthy());
    ticker.advance(Duration.ofSeconds(1));
    assertEquals(Check.failed("turns", "no progress for 11 s"), loop.check());
    assertEquals(Duration.ofSeconds(11), loop.sinceProgress());
    assertEquals(new LoopStats("turns", 0, false, Duration.ofSeconds(11), true), loop.stats());
    run(NOTHING);
    assertTrue(loop.check().healthy());
    assertEquals(Duration.ZERO, loop.sinceProgress());
  }

  @Test
  void aLoopThatFailsIsStuckOnlyAfterAWhile() throws InterruptedException {
    start();
    run(failing(new IllegalStateException("no luck")));
    ticker.advance(STUCK_AFTER);
    assertEquals(new LoopStats("turns", 1, true, STUCK_AFTER, false), loop.stats());
    ticker.advance(Duration.ofSeconds(1));
    assertTrue(loop.stats().stuck());
    run(NOTHING);
    assertEquals(new LoopStats("turns", 1, false, Duration.ZERO, false), loop.stats());
  }

  @Test
  void aLoopThatDoesNotRunIsNotStuck() throws InterruptedException {
    LoopStats still = new LoopStats("turns", 0, false, Duration.ZERO, false);
    ticker.advance(LONG);
    assertEquals(still, loop.stats());
    start();
    assertFalse(loop.close(Duration.ofNanos(1)));
    script.add(NOTHING);
    assertTrue(loop.close(LONG));
    ticker.advance(LONG);
    assertEquals(still, loop.stats());
  }

  @Test
  void closingLetsTheStepEndThatIsRunning() throws InterruptedException {
    start();
    assertFalse(loop.closing());
    assertFalse(loop.close(Duration.ofMillis(1)));
    assertTrue(loop.closing());
    script.add(NOTHING);
    assertTrue(loop.close(LONG));
    assertFalse(begun.tryAcquire(), "another step began");
    assertTrue(loop.close(LONG));
  }

  @Test
  void closingCutsTheWaitAfterAFailureShort() throws InterruptedException {
    start();
    for (int failure = 1; failure <= 2; failure++) {
      run(failing(new IllegalStateException("again")));
    }
    // More than it comes to, however late the close is: it falls into one of the waits.
    for (int failure = 1; failure <= 20; failure++) {
      script.add(failing(new IllegalStateException("again")));
    }
    assertTrue(loop.close(LONG));
    assertTrue(loop.failures() >= 3);
    assertFalse(script.isEmpty());
  }

  @Test
  void aStepMayCloseItsOwnLoop() throws InterruptedException {
    start();
    script.add(loop::close);
    assertTrue(loop.close(LONG));
    assertEquals(0, loop.failures());
  }

  @Test
  void aLoopThatNeverBeganCloses() {
    assertTrue(loop.close(LONG));
    assertEquals("turns", loop.name());
  }

  @Test
  void anInterruptedCloserStaysInterrupted() throws InterruptedException {
    start();
    Thread.currentThread().interrupt();
    assertFalse(loop.close(LONG));
    assertTrue(Thread.interrupted());
  }

  private void start() throws InterruptedException {
    loop.start();
    awaitBegun();
  }

  /** Returns once the loop is back for the step after this one. */
  private void run(SupervisedLoop.Step step) throws InterruptedException {
    script.add(step);
    awaitBegun();
  }

  private void awaitBegun() throws InterruptedException {
    assertTrue(begun.tryAcquire(LONG.toSeconds(), TimeUnit.SECONDS), "the loop does not go on");
  }

  private static SupervisedLoop.Step failing(Throwable failure) {
    return () -> {
      switch (failure) {
        case Error error -> throw error;
        case Exception exception -> throw exception;
        default -> throw new AssertionError(failure);
      }
    };
  }
}
