package org.osprey.coordinator.tasks;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets threads wait for the ends of tasks. */
@ThreadSafe
final class Endings {
  /** Another coordinator may end a task, and says nothing. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private final Map<String, CountDownLatch> waiting = new ConcurrentHashMap<>();

  void ended(String taskId) {
    CountDownLatch latch = waiting.remove(taskId);
    if (latch != null) {
      latch.countDown();
    }
  }

  /**
   * Blocks until a task has ended or the time is over.
   *
   * @param status looks the task up; null when there is none
   * @return the status at the end
   */
  @Nullable Status await(String taskId, Supplier<@Nullable Status> status, Duration atMost)
      throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    while (true) {
      CountDownLatch latch = waiting.computeIfAbsent(taskId, id -> new CountDownLatch(1));
      Status now = status.get();
      long left = end - System.nanoTime();
      if (now == null || now.ended() || left <= 0) {
        waiting.remove(taskId, latch);
        return now;
      }
      boolean told = latch.await(Math.min(left, LOOK_AGAIN.toNanos()), TimeUnit.NANOSECONDS);
      if (!told) {
        waiting.remove(taskId, latch);
      }
    }
  }
}
