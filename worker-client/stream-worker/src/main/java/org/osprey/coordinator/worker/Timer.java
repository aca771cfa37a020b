package org.osprey.coordinator.worker;

import java.time.Duration;

/**
 * One thread and its clock. Tasks run one after the other, those due together in order of request.
 */
interface Timer extends AutoCloseable {
  long nanoTime();

  void execute(Runnable task);

  Handle after(Duration delay, Runnable task);

  /** Drops what is not yet due, and everything asked for later. */
  @Override
  void close();

  interface Handle {
    /** Has no effect on a task that has started. */
    void cancel();
  }
}
