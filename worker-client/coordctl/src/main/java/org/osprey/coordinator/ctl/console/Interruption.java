package org.osprey.coordinator.ctl.console;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Gives a command that goes on for a while the time to end well on Ctrl-C: it is told to stop, and
 * the process stays until it has.
 */
public final class Interruption {
  private static final int PATIENCE_SECONDS = 15;

  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook;

  /** What goes on for a while, its last output included. */
  @FunctionalInterface
  public interface Body<T, E extends Exception> {
    T run() throws E;
  }

  /**
   * @param stop ends {@code body} early; any thread may call it
   */
  public static <T, E extends Exception> T during(Runnable stop, Body<T, E> body) throws E {
    Interruption interruption = new Interruption(stop);
    try {
      return body.run();
    } finally {
      interruption.finish();
    }
  }

  private Interruption(Runnable stop) {
    hook =
        new Thread(
            () -> {
              stop.run();
              awaitFinished();
            },
            "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void finish() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process ends already, and the hook is what it waits for.
    }
  }

  private void awaitFinished() {
    try {
      boolean ignored = finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
