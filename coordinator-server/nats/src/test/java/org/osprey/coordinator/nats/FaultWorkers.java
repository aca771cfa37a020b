package org.osprey.coordinator.nats;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.osprey.coordinator.core.ActionNames;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.Lease;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Target;
import org.osprey.coordinator.core.Ticker;

/** A dispatcher whose workers hold each action for a moment, and who count what they did. */
final class FaultWorkers implements AutoCloseable {
  private static final Duration HOLD = Duration.ofMillis(20);
  private static final int STREAMS = 64;

  private final Dispatcher dispatcher =
      new Dispatcher(
          DispatcherSettings.DEFAULTS,
          Ticker.system(),
          InstantSource.system(),
          new Random(1),
          new InMemoryDeadLetters(),
          null);
  private final Map<Long, Integer> done = new ConcurrentHashMap<>();
  private final Queue<Held> held = new ConcurrentLinkedQueue<>();
  private final AtomicLong longestGap = new AtomicLong();
  private final SupervisedLoop loop =
      new SupervisedLoop("fault-workers", Ticker.system(), Duration.ofSeconds(60), this::step);
  private long doneAt;

  private record Held(Lease lease, long since) {}

  FaultWorkers() {
    for (int i = 0; i < STREAMS; i++) {
      connect(i);
    }
    loop.start();
  }

  Dispatcher dispatcher() {
    return dispatcher;
  }

  /** Different actions. */
  int completed() {
    return done.size();
  }

  /** How often an action was done once more. */
  long duplicates() {
    return done.values().stream().mapToLong(times -> times - 1).sum();
  }

  /** How many of the ids from 1 on were done. */
  long idsUpTo(long last) {
    return done.keySet().stream().filter(id -> id >= 1 && id <= last).count();
  }

  /** Between one action and the next. */
  Duration longestGap() {
    return Duration.ofNanos(longestGap.get());
  }

  @Override
  public void close() {
    loop.close();
  }

  private void step() throws InterruptedException {
    dispatcher.tick();
    long now = System.nanoTime();
    for (Held next = held.peek();
        next != null && now - next.since >= HOLD.toNanos();
        next = held.peek()) {
      held.remove();
      finish(next, now);
    }
    Thread.sleep(1);
  }

  private void finish(Held finished, long now) {
    if (doneAt != 0) {
      longestGap.accumulateAndGet(now - doneAt, Math::max);
    }
    doneAt = now;
    done.merge(finished.lease.action().id(), 1, Integer::sum);
    dispatcher.ack(finished.lease.stream(), finished.lease.ackId(), Outcome.Acked.EMPTY);
  }

  private void connect(int number) {
    dispatcher.connect("worker-" + number, ActionNames.ALL, 1, new OneWorker(number));
  }

  private final class OneWorker implements Target {
    private final int number;

    private OneWorker(int number) {
      this.number = number;
    }

    @Override
    public void lease(Lease lease) {
      held.add(new Held(lease, System.nanoTime()));
    }

    /** Streams that have nothing to do are ended, and workers come back. */
    @Override
    public void end() {
      connect(number);
    }
  }
}
