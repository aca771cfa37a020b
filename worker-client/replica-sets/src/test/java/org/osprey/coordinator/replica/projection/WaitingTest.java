package org.osprey.coordinator.replica.projection;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WaitingTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final Waiting waiting = new Waiting();
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger looks = new AtomicInteger();

  @FunctionalInterface
  private interface Interruptible {
    void run() throws InterruptedException;
  }

  @AfterEach
  void stop() {
    waiting.stop();
  }

  private static Thread start(Interruptible body) {
    return Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                body.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private long look() {
    looks.incrementAndGet();
    return nanos.get();
  }

  @Test
  void whoWaitsForEventsIsWoken() {
    Thread thread = start(() -> waiting.awaitWake(LONG));
    waiting.wake();
    await().until(() -> !thread.isAlive());
  }

  @Test
  void aWakeThatComesBeforeItWaitsIsNotLost() throws InterruptedException {
    waiting.wake();
    waiting.awaitWake(LONG);
  }

  /** Otherwise each append would end the pause of a handler that fails. */
  @Test
  void newEventsDoNotEndAPauseAfterAFailure() {
    Thread thread = start(() -> waiting.awaitStop(LONG, this::look));
    await().until(() -> looks.get() == 1);
    waiting.wake();
    await().until(() -> looks.get() == 2);
    assertTrue(thread.isAlive());
    nanos.set(LONG.toNanos());
    waiting.wake();
    await().until(() -> !thread.isAlive());
  }

  @Test
  void aStopEndsAPauseAfterAFailure() {
    Thread thread = start(() -> waiting.awaitStop(LONG, this::look));
    await().until(() -> looks.get() == 1);
    waiting.stop();
    await().until(() -> !thread.isAlive());
  }
}
