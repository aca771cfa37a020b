package org.osprey.coordinator.pubsub;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.osprey.coordinator.core.ActionNames;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.DispatcherSettings.Bounds;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.Lease;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Target;
import org.osprey.coordinator.core.Ticker;

/** A real dispatcher and workers that do so many actions a second, and remember each. */
final class SlowWorkers implements AutoCloseable {
  private static final Duration TURN = Duration.ofMillis(20);

  private final Dispatcher dispatcher;
  private final BlockingQueue<Lease> out = new LinkedBlockingQueue<>();
  private final Map<Long, Integer> done = new ConcurrentHashMap<>();
  private final AtomicLong total = new AtomicLong();
  private final AtomicLong longestGap = new AtomicLong();
  private final SupervisedLoop loop;
  private final int perTurn;
  private long lastAt;

  /**
   * @param perSecond actions a second, by all workers together
   * @param room how many async actions the dispatcher accepts
   */
  SlowWorkers(int perSecond, int room) {
    DispatcherSettings usual = DispatcherSettings.DEFAULTS;
    DispatcherSettings settings =
        new DispatcherSettings(
            usual.sync(),
            new Bounds(room, 64L << 20),
            usual.leases(),
            usual.retries(),
            usual.agedAfter(),
            usual.agedShare(),
            usual.idleStream());
    Ticker ticker = Ticker.system();
    dispatcher =
        new Dispatcher(
            settings,
            ticker,
            InstantSource.system(),
            new Random(1),
            new InMemoryDeadLetters(),
            null);
    perTurn = Math.max(1, (int) (perSecond * TURN.toMillis() / 1000));
    new Keep().connect();
    loop = new SupervisedLoop("slow-workers", ticker, Duration.ofSeconds(10), this::turn);
    lastAt = System.nanoTime();
    loop.start();
  }

  Dispatcher dispatcher() {
    return dispatcher;
  }

  /** How many different actions were done. */
  int completed() {
    return done.size();
  }

  /** How many were done once too often. */
  long duplicates() {
    return total.get() - done.size();
  }

  /** The longest time without any action. */
  Duration longestGap() {
    return Duration.ofNanos(longestGap.get());
  }

  @Override
  public void close() {
    loop.close();
  }

  private void turn() throws InterruptedException {
    dispatcher.tick();
    for (int i = 0; i < perTurn; i++) {
      Lease lease = out.poll();
      if (lease == null) {
        break;
      }
      long now = System.nanoTime();
      longestGap.accumulateAndGet(now - lastAt, Math::max);
      lastAt = now;
      total.incrementAndGet();
      done.merge(lease.action().id(), 1, Integer::sum);
      dispatcher.ack(lease.stream(), lease.ackId(), Outcome.Acked.EMPTY);
    }
    Thread.sleep(TURN);
  }

  private final class Keep implements Target {
    private void connect() {
      dispatcher.connect("slow", ActionNames.ALL, 2 * perTurn, this);
    }

    @Override
    public void lease(Lease lease) {
      out.add(lease);
    }

    /** A stream that has nothing to do is ended, and the worker comes back. */
    @Override
    public void end() {
      connect();
    }
  }
}
