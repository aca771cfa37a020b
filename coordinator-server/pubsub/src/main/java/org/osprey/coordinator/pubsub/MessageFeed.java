package org.osprey.coordinator.pubsub;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.codec.UndecodableException;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.Intake;
import org.osprey.coordinator.core.Lane;
import org.osprey.coordinator.core.Trace;
import org.osprey.coordinator.core.Tracer;
import org.osprey.coordinator.pubsub.PubsubSettings.Ordering;

/** Offers the held messages in the order they came. Belongs to the source's loop. */
final class MessageFeed {
  static final String SOURCE = "pubsub";

  /** The longest wait for a message, so that the loop can look at other things. */
  private static final Duration IDLE = Duration.ofMillis(50);

  private static final int MESSAGES_PER_TURN = 1000;

  private final Ordering ordering;
  private final Duration roomWait;
  private final HeldMessages messages;
  private final MessageReader reader;
  private final UndecodableMessages undecodables;
  private final Returns returns;
  private final Intake intake;
  private final SourceCounts counts;
  private final @Nullable Tracer tracer;

  private @Nullable HeldMessage first;

  /** What {@link #first} became, when it was refused before. */
  private @Nullable Delivery refused;

  private boolean draining;

  MessageFeed(
      PubsubSettings settings,
      HeldMessages messages,
      MessageReader reader,
      UndecodableMessages undecodables,
      Returns returns,
      Intake intake,
      SourceCounts counts) {
    ordering = settings.ordering();
    roomWait = settings.roomWait();
    this.messages = messages;
    this.reader = reader;
    this.undecodables = undecodables;
    this.returns = returns;
    this.intake = intake;
    this.counts = counts;
    tracer = intake.tracer();
  }

  /** Whether the coordinator is going away: nothing will be taken any more. */
  boolean isDraining() {
    return draining;
  }

  /** Offers what waits, for a while, and waits for room when there is none. */
  void turn() throws InterruptedException {
    for (int i = 0; i < MESSAGES_PER_TURN; i++) {
      HeldMessage next = first == null ? messages.next(IDLE) : first;
      first = next;
      if (next == null || !isDone(next)) {
        return;
      }
      first = null;
      refused = null;
    }
  }

  /** Nacks what waits, and what still comes within a short time. */
  void giveBack() throws InterruptedException {
    HeldMessage next = first == null ? messages.next(IDLE) : first;
    first = null;
    refused = null;
    for (; next != null; next = messages.next(Duration.ZERO)) {
      next.nack();
    }
  }

  /**
   * @return false when it has to wait
   */
  private boolean isDone(HeldMessage next) throws InterruptedException {
    if (messages.isLeaseOver(next)) {
      next.nack();
      return true;
    }
    try {
      Delivery delivery = refused == null ? delivery(next) : refused;
      return isAccepted(delivery);
    } catch (UndecodableException e) {
      counts.undecodable.incrementAndGet();
      undecodables.put(next, String.valueOf(e.getMessage()));
      return true;
    } catch (KeyServiceException e) {
      returns.nackLater(next);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  private Delivery delivery(HeldMessage next)
      throws UndecodableException, KeyServiceException, TimeoutException, InterruptedException {
    Action action = reader.read(next, IDLE);
    String key = next.message().getOrderingKey();
    boolean ordered = ordering == Ordering.KEY && !key.isEmpty();
    return Delivery.async(action, SOURCE, ordered ? key : null, next, trace(action, next));
  }

  private @Nullable Trace trace(Action action, HeldMessage next) {
    return tracer == null
        ? null
        : tracer.begin(
            action,
            Lane.ASYNC,
            SOURCE,
            next.newestLease().at(),
            TraceAttributes.of(next.message().getAttributesMap()));
  }

  private boolean isAccepted(Delivery delivery) throws InterruptedException {
    refused = delivery;
    if (!messages.reserve(roomWait)) {
      return false;
    }
    Intake.Admission admission = intake.offer(delivery);
    if (admission == Intake.Admission.ACCEPTED) {
      return true;
    }
    messages.release();
    switch (admission) {
      case FULL -> awaitRoom();
      case DRAINING -> draining = true;
      case ACCEPTED -> throw new AssertionError("handled above");
    }
    return false;
  }

  private void awaitRoom() throws InterruptedException {
    if (intake.awaitRoom(roomWait)) {
      // There is room, but perhaps not enough for the one delivery that is next: do not spin.
      LockSupport.parkNanos(this, Duration.ofMillis(1).toNanos());
    }
  }
}
