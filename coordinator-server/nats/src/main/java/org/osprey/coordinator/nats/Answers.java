package org.osprey.coordinator.nats;

import com.google.errorprone.annotations.ThreadSafe;
import io.nats.client.Connection;
import io.nats.client.impl.AckType;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Answers messages by their reply subjects, through whatever connection there is now: the client's
 * own messages can only answer through the one they came by. Nothing here blocks.
 */
@ThreadSafe
final class Answers {
  private final NatsConnection connection;

  /** Bounded by the messages in flight: without a connection no more of them come. */
  private final Queue<Answer> owed = new ConcurrentLinkedQueue<>();

  private record Answer(String replyTo, AckType type, Duration delay) {}

  Answers(NatsConnection connection) {
    this.connection = connection;
  }

  /** The message is done. */
  void ack(String replyTo) {
    send(new Answer(replyTo, AckType.AckAck, Duration.ZERO));
  }

  /** The message must never come again. */
  void term(String replyTo) {
    send(new Answer(replyTo, AckType.AckTerm, Duration.ZERO));
  }

  /** The message shall come again. */
  void nak(String replyTo, Duration delay) {
    send(new Answer(replyTo, AckType.AckNak, delay));
  }

  /**
   * The message is still worked on.
   *
   * @return whether that was sent; too late is as good as never
   */
  boolean inProgress(String replyTo) {
    return publish(new Answer(replyTo, AckType.AckProgress, Duration.ZERO));
  }

  /** Sends what could not be sent before. For one thread only. */
  void sendOwed() {
    for (Answer next = owed.peek(); next != null && publish(next); next = owed.peek()) {
      owed.remove();
    }
  }

  private void send(Answer answer) {
    if (!publish(answer)) {
      owed.add(answer);
    }
  }

  private boolean publish(Answer answer) {
    Connection used = connection.current();
    if (used == null) {
      return false;
    }
    try {
      used.publish(answer.replyTo, answer.type.bodyBytes(answer.delay.toNanos()));
      return true;
    } catch (IllegalStateException e) {
      // The connection was lost at this moment, or its outgoing queue is full.
      return false;
    }
  }
}
