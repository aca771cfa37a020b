package org.osprey.coordinator.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osprey.coordinator.core.DispatcherSettings.Bounds;
import org.osprey.coordinator.core.DispatcherSettings.Leases;
import org.osprey.coordinator.core.DispatcherSettings.Retries;
import org.osprey.coordinator.core.Intake.Admission;

/**
 * Sources, callers and workers on threads of their own, on one dispatcher and the real clock. What
 * happens differs from run to run; what must hold at the end does not.
 */
@Timeout(120)
class DispatcherConcurrencyTest {
  private static final int OFFERERS = 4;
  private static final int WORKERS = 4;
  private static final int OFFERS = 15_000;

  private static final DispatcherSettings SETTINGS =
      new DispatcherSettings(
          new Bounds(200, 1 << 20),
          new Bounds(500, 1 << 20),
          new Leases(Duration.ofMillis(20), Map.of()),
          new Retries(3, 5, Duration.ofNanos(100_000), Duration.ofMillis(2)),
          Duration.ofMillis(1),
          20,
          Duration.ofMillis(50));

  private final AtomicIntegerArray outcomes = new AtomicIntegerArray(OFFERERS * OFFERS);
  private final AtomicIntegerArray accepted = new AtomicIntegerArray(OFFERERS * OFFERS);
  private final AtomicIntegerArray cancelled = new AtomicIntegerArray(OFFERERS * OFFERS);
  private final AtomicInteger running = new AtomicInteger(OFFERERS);
  private final AtomicLong handOvers = new AtomicLong();
  private final InMemoryDeadLetters deadLetters = new InMemoryDeadLetters();
  private final Dispatcher dispatcher =
      new Dispatcher(
          SETTINGS, Ticker.system(), InstantSource.system(), new Random(1), deadLetters, null);

  @Test
  void everyAcceptedDeliveryHasExactlyOneOutcome() throws Exception {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<?>> parts = new ArrayList<>();
      for (int i = 0; i < OFFERERS; i++) {
        int first = i * OFFERS;
        parts.add(threads.submit(() -> offer(first, new Random(first))));
      }
      for (int i = 0; i < WORKERS; i++) {
        Random random = new Random(i);
        parts.add(threads.submit(() -> new Worker(random).run()));
      }
      parts.add(threads.submit(this::tick));
      for (Future<?> part : parts) {
        part.get();
      }
    }
    assertOutcomes();
    assertNothingIsLeft();
  }

  private Void offer(int first, Random random) throws InterruptedException {
    try {
      for (int id = first; id < first + OFFERS; id++) {
        Delivery delivery = random.nextInt(3) == 0 ? sync(id, random) : async(id, random);
        Admission admission = dispatcher.offer(delivery);
        if (admission == Admission.ACCEPTED) {
          accepted.incrementAndGet(id);
          if (delivery.lane() == Lane.SYNC && random.nextInt(10) == 0) {
            cancelled.incrementAndGet(id);
            dispatcher.cancel(delivery);
          }
        } else {
          assertEquals(Admission.FULL, admission);
          dispatcher.awaitRoom(Duration.ofMillis(5));
        }
      }
    } finally {
      running.decrementAndGet();
    }
    return null;
  }

  private Delivery sync(int id, Random random) {
    long wait = random.nextLong(5_000_000);
    return Delivery.sync(
        DispatcherFixture.action(id, "s"),
        "test",
        System.nanoTime() + wait,
        outcome -> outcomes.incrementAndGet(id));
  }

  private Delivery async(int id, Random random) {
    String key = random.nextBoolean() ? null : "key" + random.nextInt(50);
    return Delivery.async(
        DispatcherFixture.action(id, "a" + id % 3),
        "test",
        key,
        outcome -> outcomes.incrementAndGet(id));
  }

  private Void tick() {
    while (busy()) {
      dispatcher.tick();
      Thread.onSpinWait();
    }
    return null;
  }

  private boolean busy() {
    if (running.get() > 0) {
      return true;
    }
    DispatcherStats stats = dispatcher.stats();
    return stats.sync().accepted() + stats.async().accepted() > 0;
  }

  /** Answers well or badly, late or never, leaves and comes back. */
  private final class Worker implements Target {
    private final Random random;
    private final BlockingQueue<Lease> leases = new LinkedBlockingQueue<>();
    private WorkerStream stream;

    private Worker(Random random) {
      this.random = random;
      stream = connect();
    }

    private WorkerStream connect() {
      ActionNames names = random.nextBoolean() ? ActionNames.ALL : ActionNames.parse("s,a0,a1,a2");
      return dispatcher.connect("worker", names, 1 + random.nextInt(5), this);
    }

    @Override
    public void lease(Lease lease) {
      handOvers.incrementAndGet();
      leases.add(lease);
    }

    @Override
    public void end() {
      // The stream that waits too long is noticed by the poll, and replaced.
    }

    private Void run() throws InterruptedException {
      while (busy()) {
        Lease lease = leases.poll(1, TimeUnit.MILLISECONDS);
        if (lease == null) {
          again(false);
        } else {
          answer(lease);
        }
      }
      dispatcher.leave(stream);
      return null;
    }

    private void answer(Lease lease) {
      boolean kind = running.get() == 0;
      switch (kind ? 0 : random.nextInt(60)) {
        case 1 -> dispatcher.nack(lease.stream(), lease.ackId());
        case 2 -> again(true);
        case 3 -> again(false);
        case 4 -> dispatcher.setWritable(stream, false);
        case 5 -> dispatcher.ack(stream, lease.ackId() + 1_000_000, Outcome.Acked.EMPTY);
        case 6 -> leases.add(lease);
        default -> dispatcher.ack(lease.stream(), lease.ackId(), Outcome.Acked.EMPTY);
      }
    }

    private void again(boolean dead) {
      if (dead) {
        dispatcher.lose(stream);
      } else {
        dispatcher.leave(stream);
      }
      stream = connect();
    }
  }

  private void assertOutcomes() {
    long given = 0;
    for (int id = 0; id < OFFERERS * OFFERS; id++) {
      int least = accepted.get(id) - cancelled.get(id);
      int got = outcomes.get(id);
      boolean right = least <= got && got <= accepted.get(id);
      assertTrue(right, "action_id=%d got %d outcomes".formatted(id, got));
      given += got;
    }
    assertTrue(given > OFFERERS * OFFERS / 4, "hardly any was accepted: " + given);
  }

  private void assertNothingIsLeft() {
    DispatcherStats stats = dispatcher.stats();
    assertEquals(
        0, stats.sync().bytes() + stats.async().bytes() + stats.leased() + stats.delayed());
    assertEquals(0, stats.held() + stats.settling() + stats.connected());
    long acceptedInAll = stats.count(Count.SYNC_ACCEPTED) + stats.count(Count.ASYNC_ACCEPTED);
    long sum = 0;
    for (int id = 0; id < OFFERERS * OFFERS; id++) {
      sum += accepted.get(id);
    }
    assertEquals(sum, acceptedInAll);
    assertEquals(handOvers.get(), stats.count(Count.LEASED));
    assertEquals(
        deadLetters.kept().size(),
        stats.count(Count.DEAD_LETTERED_NACKED) + stats.count(Count.DEAD_LETTERED_WORKERS_LOST));
    assertTrue(stats.count(Count.LEASES_LOST) > 0 && stats.count(Count.ASYNC_NACKED) > 0);
  }
}
