package org.osprey.coordinator.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Random;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.DispatcherSettings.Bounds;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.Intake.Admission;
import org.osprey.coordinator.core.Ticker;

/**
 * Queues a million actions and says what one takes in the heap, against what the lane's bounds
 * count for it. Fails when the two are more than a tenth apart.
 */
public final class QueuedActionCost {
  private static final int ACTIONS = 1_000_000;
  private static final int PAYLOAD = 200;
  private static final int NAMES = 10;
  private static final double TOLERANCE = 0.1;

  private QueuedActionCost() {}

  public static void main(String[] arguments) {
    Dispatcher dispatcher = dispatcher();
    long before = usedHeap();
    fill(dispatcher);
    double measured = (double) (usedHeap() - before) / ACTIONS;
    // Asked for last, which also keeps the dispatcher alive until here.
    double counted = (double) dispatcher.stats().async().bytes() / ACTIONS;
    System.out.printf(
        Locale.ROOT,
        "queued=%d payload=%d bytes_each=%.1f beyond_payload=%.1f counted_each=%.1f"
            + " counted_to_measured=%.3f%n",
        ACTIONS,
        PAYLOAD,
        measured,
        measured - PAYLOAD,
        counted,
        counted / measured);
    if (Math.abs(counted / measured - 1) > TOLERANCE) {
      System.err.println("ActionQueue.OVERHEAD_BYTES is more than a tenth off");
      System.exit(1);
    }
  }

  private static Dispatcher dispatcher() {
    DispatcherSettings usual = DispatcherSettings.DEFAULTS;
    DispatcherSettings roomy =
        new DispatcherSettings(
            usual.sync(),
            new Bounds(ACTIONS, Long.MAX_VALUE),
            usual.leases(),
            usual.retries(),
            usual.agedAfter(),
            usual.agedShare(),
            usual.idleStream());
    return new Dispatcher(
        roomy,
        Ticker.system(),
        InstantSource.system(),
        new Random(1),
        new InMemoryDeadLetters(),
        null);
  }

  /** As a source does: the name and the timestamp are new objects each time, as is the handle. */
  private static void fill(Dispatcher dispatcher) {
    for (int id = 0; id < ACTIONS; id++) {
      Action action =
          new Action(
              id,
              "user_login_" + id % NAMES,
              Action.Encoding.JSON,
              Samples.object(PAYLOAD),
              null,
              Instant.ofEpochSecond(id));
      long offset = id;
      Delivery delivery =
          Delivery.async(action, "kafka", null, outcome -> finished(offset, outcome));
      if (dispatcher.offer(delivery) != Admission.ACCEPTED) {
        throw new IllegalStateException("refused: " + delivery);
      }
    }
  }

  private static void finished(long offset, Object outcome) {
    throw new IllegalStateException("nobody was to handle " + offset + ", got " + outcome);
  }

  private static long usedHeap() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      memory.gc();
      least = Math.min(least, memory.getHeapMemoryUsage().getUsed());
    }
    return least;
  }
}
