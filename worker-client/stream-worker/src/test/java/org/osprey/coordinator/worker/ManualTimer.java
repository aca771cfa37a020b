package org.osprey.coordinator.worker;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

/** Time stands still until a test moves it; what is due runs on the thread that brought it. */
final class ManualTimer implements Timer {
  private record Task(long due, Runnable work) {}

  private final List<Task> tasks = new CopyOnWriteArrayList<>();

  /** Stands for the one thread of a real timer. */
  private final ReentrantLock turn = new ReentrantLock();

  private volatile long now;

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public void execute(Runnable task) {
    after(Duration.ZERO, task);
    advance(Duration.ZERO);
  }

  @Override
  public Handle after(Duration delay, Runnable task) {
    Task added = new Task(now + delay.toNanos(), task);
    tasks.add(added);
    return () -> tasks.remove(added);
  }

  @Override
  public void close() {
    tasks.clear();
  }

  /** Whether something is due within that time. */
  boolean expects(Duration time) {
    return due(now + time.toNanos()).isPresent();
  }

  void advance(Duration time) {
    if (turn.isHeldByCurrentThread()) {
      return;
    }
    turn.lock();
    try {
      runUntil(now + time.toNanos());
    } finally {
      turn.unlock();
    }
  }

  private void runUntil(long end) {
    for (Optional<Task> next = due(end); next.isPresent(); next = due(end)) {
      Task task = next.get();
      now = Math.max(now, task.due());
      if (tasks.remove(task)) {
        task.work().run();
      }
    }
    now = end;
  }

  private Optional<Task> due(long end) {
    return tasks.stream()
        .filter(task -> task.due() <= end)
        .min(Comparator.comparingLong(Task::due));
  }
}
