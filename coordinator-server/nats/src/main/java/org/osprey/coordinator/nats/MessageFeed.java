package org.osprey.coordinator.nats;

import io.nats.client.Message;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.codec.UndecodableException;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.Intake;
import org.osprey.coordinator.core.Lane;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.core.Trace;
import org.osprey.coordinator.core.Tracer;
import org.osprey.coordinator.nats.NatsSourceSettings.Ordering;

/**
 * Turns messages into deliveries and offers them in the order they came, as long as there is room.
 * Belongs to the source's loop.
 */
final class MessageFeed {
  /** Longer waits are cut, so that a wrong clock cannot hide a message for years. */
  private static final Duration LONGEST_POSTPONEMENT = Duration.ofHours(1);

  private final NatsSourceSettings settings;
  private final ActionReader reader;
  private final Intake intake;
  private final HeldMessages held;
  private final Poison poison;
  private final SourceCounts counts;
  private final InstantSource clock;
  private final Ticker ticker;
  private final @Nullable Tracer tracer;

  /** Bounded by what is asked for: nothing is while anything waits here. */
  private final Queue<Waiting> waiting = new ArrayDeque<>();

  private record Waiting(Delivery delivery, HeldMessage message) {}

  /** Whether messages can be offered, and if not, why. */
  enum Flow {
    OPEN,
    INTAKE_FULL,
    /** The coordinator is going away: nothing will be taken any more. */
    DRAINING
  }

  MessageFeed(
      NatsSourceSettings settings,
      ActionReader reader,
      Intake intake,
      HeldMessages held,
      Poison poison,
      SourceCounts counts,
      NatsSource.Clocks clocks) {
    this.settings = settings;
    this.reader = reader;
    this.intake = intake;
    this.held = held;
    this.poison = poison;
    this.counts = counts;
    clock = clocks.clock();
    ticker = clocks.ticker();
    tracer = intake.tracer();
  }

  /** From now on the message is held: it waits here, or is on its way to the dead letters. */
  void take(Message delivered) {
    Received message = Received.of(delivered);
    if (message.deliveries() > 1) {
      counts.redelivered.incrementAndGet();
    }
    HeldMessage known = held.find(message.key());
    if (known != null) {
      known.refresh(message);
    } else if (held.wasFinished(message.key())) {
      held.answers().ack(message.replyTo());
    } else {
      begin(message);
    }
  }

  /** Offers what waits. */
  Flow offer() {
    while (!waiting.isEmpty()) {
      Intake.BatchAdmission admission = intake.offer(nextBatch());
      for (int i = 0; i < admission.accepted(); i++) {
        waiting.remove();
      }
      switch (admission.last()) {
        case ACCEPTED -> {}
        case FULL -> {
          return Flow.INTAKE_FULL;
        }
        case DRAINING -> {
          return Flow.DRAINING;
        }
      }
    }
    return Flow.OPEN;
  }

  private List<Delivery> nextBatch() {
    List<Delivery> batch = new ArrayList<>(Intake.LARGEST_BATCH);
    Iterator<Waiting> next = waiting.iterator();
    while (batch.size() < Intake.LARGEST_BATCH && next.hasNext()) {
      batch.add(next.next().delivery);
    }
    return batch;
  }

  void awaitRoom() throws InterruptedException {
    if (intake.awaitRoom(settings.limits().roomWait())) {
      // There is room, but perhaps not enough for the one delivery that is next: do not spin.
      LockSupport.parkNanos(this, Duration.ofMillis(1).toNanos());
    }
  }

  boolean hasWaiting() {
    return !waiting.isEmpty();
  }

  /** Sends back what was not offered, for another coordinator to take. */
  void giveBackWaiting() {
    for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
      next.message.giveBack();
    }
  }

  private void begin(Received message) {
    counts.consumed.incrementAndGet();
    HeldMessage unfinished = held.hold(message);
    try {
      await(reader.read(message), message, unfinished);
    } catch (UndecodableException e) {
      counts.undecodable.incrementAndGet();
      poison.put(message, String.valueOf(e.getMessage()), unfinished);
    }
  }

  private void await(Action action, Received message, HeldMessage unfinished) {
    Duration early = early(action);
    if (isFarOff(early)) {
      counts.postponed.incrementAndGet();
      unfinished.sendBack(early.compareTo(LONGEST_POSTPONEMENT) < 0 ? early : LONGEST_POSTPONEMENT);
      return;
    }
    waiting.add(
        new Waiting(
            Delivery.async(
                action, NatsSource.NAME, orderingKey(message), unfinished, trace(action, message)),
            unfinished));
  }

  private @Nullable Trace trace(Action action, Received message) {
    return tracer == null
        ? null
        : tracer.begin(action, Lane.ASYNC, NatsSource.NAME, ticker.nanos(), message::header);
  }

  private Duration early(Action action) {
    Instant notBefore = action.notBefore();
    return notBefore == null ? Duration.ZERO : Duration.between(clock.instant(), notBefore);
  }

  /**
   * The core holds back what is not due, but that takes room from what is. So the server keeps what
   * is not due for long; unless messages with the same key could overtake it.
   */
  private boolean isFarOff(Duration early) {
    return settings.ordering() == Ordering.NONE && early.compareTo(settings.ackWait()) > 0;
  }

  private @Nullable String orderingKey(Received message) {
    return switch (settings.ordering()) {
      case NONE -> null;
      case KEY -> message.header(settings.orderingHeader());
    };
  }
}
