package org.osprey.coordinator.testdata;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells a program to end, and waits until it has. Thread-safe. */
final class Stop {
  /** Longer than any wait of a program. */
  private static final long PATIENCE_SECONDS = 20;

  private final CountDownLatch told = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final List<Runnable> actions = new ArrayList<>();

  /** Has the program end soon. May be repeated. */
  synchronized void tell() {
    told.countDown();
    actions.forEach(Runnable::run);
    actions.clear();
  }

  /** Something that makes the program's waits short; run at once if it was told already. */
  synchronized void onTold(Runnable action) {
    if (isTold()) {
      action.run();
    } else {
      actions.add(action);
    }
  }

  boolean isTold() {
    return told.getCount() == 0;
  }

  /** Returns whether it was told, at the latest after that many nanoseconds. */
  boolean within(long nanos) throws InterruptedException {
    return told.await(nanos, TimeUnit.NANOSECONDS);
  }

  void await() throws InterruptedException {
    told.await();
  }

  /** The program has nothing left to do. */
  void ended() {
    ended.countDown();
  }

  /** For a shutdown hook: the JVM goes on with its end when this returns. */
  void tellAndAwait() {
    tell();
    try {
      if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("test data: gave up waiting for the end of what was out");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
