package org.osprey.coordinator.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Several threads on one dispatcher: what the simulation, which is alone, cannot see. */
class DispatcherThreadsTest {
  private static final int OFFERS = 100_000;
  private static final int THREADS = 4;

  private final Dispatcher dispatcher =
      new Dispatcher(
          DispatcherSettings.DEFAULTS,
          Ticker.system(),
          RandomGenerator.getDefault(),
          new InMemoryDeadLetters(),
          null);
  private final AtomicIntegerArray outcomes = new AtomicIntegerArray(OFFERS);
  private final AtomicInteger handOvers = new AtomicInteger();
  private final CountDownLatch finished = new CountDownLatch(OFFERS);

  @Test
  void everyDeliveryHasOneOutcomeAndOneHandOver() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      dispatcher.connect("w", ActionNames.ALL, 3, new AckingTarget());
      int first = i;
      threads.add(Thread.ofPlatform().start(() -> offerFrom(first)));
      threads.add(Thread.ofPlatform().start(this::tickUntilDone));
    }
    boolean done = finished.await(60, TimeUnit.SECONDS);
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(true, done, () -> finished.getCount() + " unfinished");
    for (int id = 0; id < OFFERS; id++) {
      assertEquals(1, outcomes.get(id));
    }
    assertEquals(OFFERS, handOvers.get());
  }

  private void offerFrom(int first) {
    for (int id = first; id < OFFERS; id += THREADS) {
      int index = id;
      Action action =
          new Action(id + 1, "a", Action.Encoding.JSON, new byte[0], null, Instant.EPOCH);
      while (dispatcher.offer(Delivery.async(action, "test", null, outcome -> finished(index)))
          != Intake.Admission.ACCEPTED) {
        Thread.onSpinWait();
      }
    }
  }

  private void finished(int index) {
    outcomes.incrementAndGet(index);
    finished.countDown();
  }

  private void tickUntilDone() {
    while (finished.getCount() > 0) {
      dispatcher.tick();
    }
  }

  /** Acks on the thread that hands over, as an event loop would. */
  private final class AckingTarget implements Target {
    @Override
    public void lease(Lease lease) {
      handOvers.incrementAndGet();
      dispatcher.ack(lease.stream(), lease.ackId(), Outcome.Acked.EMPTY);
    }

    @Override
    public void end() {}
  }
}
