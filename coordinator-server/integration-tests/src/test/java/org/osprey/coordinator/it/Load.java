package org.osprey.coordinator.it;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.Intake;

/** Offers async actions at a steady rate and keeps the ledger. */
final class Load {
  private static final byte[] PAYLOAD = "{\"n\":1}".getBytes(StandardCharsets.UTF_8);

  private static final Duration LONGEST_WAIT = Duration.ofMillis(100);

  private final Intake intake;
  private final Ledger ledger;
  private long lastId;

  Load(Intake intake, Ledger ledger) {
    this.intake = intake;
    this.ledger = ledger;
  }

  /** Offers one action. */
  void offer() {
    long id = ++lastId;
    Action action =
        new Action(id, "user_login", Action.Encoding.JSON, PAYLOAD, null, Instant.EPOCH);
    ledger.accepted(id);
    Delivery delivery =
        Delivery.async(action, "load", null, outcome -> ledger.finished(id, outcome));
    if (intake.offer(delivery) != Intake.Admission.ACCEPTED) {
      ledger.refused(id);
    }
  }

  /** Offers whenever there is room; returns once it is enough. */
  void flood(BooleanSupplier enough) {
    while (!enough.getAsBoolean()) {
      try {
        if (intake.awaitRoom(LONGEST_WAIT)) {
          offer();
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Offers {@code perSecond} actions a second; blocks that long. */
  void run(int perSecond, Duration time) {
    long end = System.nanoTime() + time.toNanos();
    run(perSecond, () -> System.nanoTime() >= end);
  }

  /** Offers {@code perSecond} actions a second; returns once it is enough. */
  void run(int perSecond, BooleanSupplier enough) {
    long start = System.nanoTime();
    for (long i = 0; !enough.getAsBoolean(); i++) {
      long due = start + i * 1_000_000_000L / perSecond;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      offer();
    }
  }
}
