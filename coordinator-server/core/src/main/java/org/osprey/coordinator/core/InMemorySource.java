package org.osprey.coordinator.core;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Actions that the same process adds, kept as long as it lives: for tests and simulations. */
@ThreadSafe
public final class InMemorySource implements Source {
  private static final Duration LONGEST_WAIT = Duration.ofMillis(100);

  private final String name;
  private final SupervisedLoop loop;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wakeUp = lock.newCondition();

  @GuardedBy("lock")
  private final Queue<Action> waiting = new ArrayDeque<>();

  @GuardedBy("lock")
  private final Map<Long, Outcome> outcomes = new LinkedHashMap<>();

  @GuardedBy("lock")
  private int added;

  @GuardedBy("lock")
  private boolean paused;

  private volatile @Nullable Intake intake;

  public InMemorySource(String name, Ticker ticker) {
    this.name = name;
    loop = new SupervisedLoop(name, ticker, Duration.ofSeconds(10), this::step);
  }

  public void add(Action action) {
    lock.lock();
    try {
      waiting.add(action);
      added++;
      wakeUp.signal();
    } finally {
      lock.unlock();
    }
  }

  /** How each finished action ended, by its id. */
  public Map<Long, Outcome> outcomes() {
    lock.lock();
    try {
      return Map.copyOf(outcomes);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void start(Intake intake) {
    this.intake = intake;
    loop.start();
  }

  @Override
  public void setPaused(boolean wanted) {
    lock.lock();
    try {
      paused = wanted;
      wakeUp.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Check check() {
    Check running = loop.check();
    return running.healthy() ? Check.ok(name, progress()) : running;
  }

  @Override
  public void close() {
    loop.close();
  }

  private String progress() {
    lock.lock();
    try {
      return "%d of %d finished%s".formatted(outcomes.size(), added, paused ? ", paused" : "");
    } finally {
      lock.unlock();
    }
  }

  private void step() throws InterruptedException {
    Intake target = intake;
    Action action = next();
    if (action == null || target == null) {
      return;
    }
    Delivery delivery =
        Delivery.async(action, name, null, outcome -> finished(action.id(), outcome));
    switch (target.offer(delivery)) {
      case ACCEPTED -> taken();
      case FULL, DRAINING -> target.awaitRoom(LONGEST_WAIT);
    }
  }

  /** The first that waits; it stays in line until it is accepted. */
  private @Nullable Action next() throws InterruptedException {
    lock.lock();
    try {
      long left = LONGEST_WAIT.toNanos();
      while ((paused || waiting.isEmpty()) && left > 0) {
        left = wakeUp.awaitNanos(left);
      }
      return paused ? null : waiting.peek();
    } finally {
      lock.unlock();
    }
  }

  private void taken() {
    lock.lock();
    try {
      waiting.remove();
    } finally {
      lock.unlock();
    }
  }

  private void finished(long id, Outcome outcome) {
    lock.lock();
    try {
      outcomes.put(id, outcome);
    } finally {
      lock.unlock();
    }
  }
}
