package org.osprey.coordinator.nats;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A message that the server keeps for us until we answer it. */
@ThreadSafe
final class HeldMessage implements Delivery.Handle {
  private static final Logger log = LoggerFactory.getLogger(HeldMessage.class);

  private final MessageKey key;
  private final String stream;
  private final String subject;
  private final long size;
  private final HeldMessages held;
  private final Redelivery redelivery;
  private final long since;

  private volatile String replyTo;
  private volatile long deliveries;

  /**
   * @param since ticker nanoseconds
   */
  HeldMessage(Received message, HeldMessages held, Redelivery redelivery, long since) {
    key = message.key();
    stream = message.stream();
    subject = message.subject();
    size = message.size();
    this.held = held;
    this.redelivery = redelivery;
    this.since = since;
    replyTo = message.replyTo();
    deliveries = message.deliveries();
  }

  @Override
  public void finished(Outcome outcome) {
    switch (outcome) {
      case Outcome.Acked acked -> ack();
      case Outcome.DeadLettered letter -> ack();
      case Outcome.Rejected rejected -> sendBackLater();
      case Outcome.Nacked nacked -> leave(outcome);
      case Outcome.Expired expired -> leave(outcome);
    }
  }

  @Override
  public String origin() {
    return "stream=%s seq=%d subject=%s".formatted(stream, key.sequence(), subject);
  }

  MessageKey key() {
    return key;
  }

  String replyTo() {
    return replyTo;
  }

  long size() {
    return size;
  }

  /** When it came first, in ticker nanoseconds. */
  long since() {
    return since;
  }

  /** The server delivered it once more and expects the answer to that. */
  void refresh(Received again) {
    replyTo = again.replyTo();
    deliveries = again.deliveries();
  }

  void ack() {
    held.markFinished(key);
    held.remove(this);
    held.answers().ack(replyTo);
  }

  /** It is no action and was stored as a dead letter. */
  void term() {
    held.markFinished(key);
    held.remove(this);
    held.answers().term(replyTo);
  }

  /** To whoever asks next, which may be us. */
  void giveBack() {
    sendBack(Duration.ZERO);
  }

  void sendBackLater() {
    sendBack(redelivery.delay(deliveries));
  }

  void sendBack(Duration delay) {
    held.remove(this);
    held.answers().nak(replyTo, delay);
  }

  /** Not for async deliveries, says the core; if it ever happens, the message comes again. */
  private void leave(Outcome outcome) {
    log.warn("message is left to come again: outcome={} {}", outcome, origin());
    sendBackLater();
  }
}
