package org.osprey.coordinator.collectors.nats;

import io.nats.client.Connection;
import io.nats.client.impl.Headers;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collectors.flow.Channel.Loss;
import org.osprey.coordinator.collectors.flow.Channel.Outgoing;
import org.osprey.coordinator.collectors.nats.Answers.Answer;
import org.osprey.coordinator.collectors.nats.Ways.Way;
import org.osprey.coordinator.collectors.nats.Window.State;
import org.osprey.coordinator.core.Backoff;
import org.osprey.coordinator.nats.NatsConnection;

/**
 * Sends what waits in a window, in order. When a stream did not take something it stops, waits
 * until it knows the end of all that it sent, and begins again at the oldest that was not taken,
 * with a single event. Belongs to the worker, but for what is said to be for any thread.
 */
final class Sending {
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);
  private static final Duration FIRST_WAIT = Duration.ofMillis(100);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  private final SendingParts parts;
  private final NatsConnection connection;
  private final Window window;
  private final Answers answers;
  private final Confirmations confirmations;
  private final Outcomes outcomes;
  private final Runnable changed;
  private final Backoff backoff;

  private @Nullable Connection bound;
  private @Nullable AckInbox inbox;
  private Phase phase = Phase.FLOWING;
  private boolean closed;

  /** When to try again, by the ticker. */
  private long retryAt;

  /** The one that is out while probing; negative for none. */
  private long probe = -1;

  /** Events that were sent without acks; its value then is the ticket of each. */
  private long tickets;

  private volatile String cause = "";

  private enum Phase {
    FLOWING,
    /** Waits for the end of all that was sent. */
    SETTLING,
    /** Sends one, and goes on when that was taken. */
    PROBING
  }

  /**
   * @param changed run by any thread when there is something to look at
   */
  Sending(
      SendingParts parts,
      Window window,
      Answers answers,
      Confirmations confirmations,
      Runnable changed) {
    this.parts = parts;
    this.window = window;
    this.answers = answers;
    this.confirmations = confirmations;
    this.changed = changed;
    connection = parts.connection();
    outcomes = new Outcomes(window, answers, confirmations, parts.counts());
    backoff = new Backoff(FIRST_WAIT, LONGEST_WAIT, parts.random());
  }

  /** Whether what is given to it now is sent now. */
  boolean isReady() {
    bind();
    return bound != null && phase == Phase.FLOWING;
  }

  /** Does what can be done now. */
  void advance() {
    bind();
    outcomes.advance();
    switch (phase) {
      case FLOWING -> watch();
      case PROBING -> watchProbe();
      case SETTLING -> {}
    }
    if (phase == Phase.SETTLING && !hasOpen()) {
      beginAgain();
    }
    put();
  }

  /** Sends no more; what was sent without acks and is not confirmed is lost. */
  void giveUp() {
    bind();
    outcomes.connectionLost();
    close();
  }

  void close() {
    closed = true;
    release();
  }

  /** Any thread: what is wrong, or null. */
  @Nullable String trouble() {
    return outcomes.trouble();
  }

  private void bind() {
    Connection current = closed ? null : connection.current();
    if (Objects.equals(current, bound)) {
      return;
    }
    if (bound != null) {
      outcomes.connectionLost();
      release();
    }
    bound = current;
    phase = Phase.FLOWING;
    probe = -1;
  }

  private void release() {
    bound = null;
    if (inbox != null) {
      inbox.close();
      inbox = null;
    }
  }

  private void watch() {
    long first = outcomes.first();
    boolean late =
        first < window.next() && window.state(first) == State.SENT_STREAM && isLate(first);
    if (answers.takeFailed() || late) {
      phase = Phase.SETTLING;
    }
  }

  private void watchProbe() {
    if (probe < 0) {
      return;
    }
    if (outcomes.isOver(probe)) {
      probe = -1;
      phase = Phase.FLOWING;
      backoff.reset();
    } else if (answers.of(probe) == Answer.FAILED || isLate(probe)) {
      phase = Phase.SETTLING;
    }
  }

  private boolean isLate(long position) {
    return parts.ticker().nanos() - window.stamp(position) > ANSWER_WITHIN.toNanos();
  }

  /** Whether a stream may still tell of one. */
  private boolean hasOpen() {
    for (long position = outcomes.first(); position < window.next(); position++) {
      if (window.state(position) == State.SENT_STREAM
          && answers.of(position) == Answer.NONE
          && !isLate(position)) {
        return true;
      }
    }
    return false;
  }

  private void beginAgain() {
    boolean told = false;
    for (long position = outcomes.first(); position < window.next(); position++) {
      if (outcomes.isOver(position) || window.state(position) != State.SENT_STREAM) {
        continue;
      }
      if (!told) {
        outcomes.troubled(position, answers.of(position) == Answer.FAILED ? cause : noAnswer());
        told = true;
      }
      outcomes.sendAgain(position);
    }
    boolean unused = answers.takeFailed();
    parts.ways().askSoon();
    window.rewind();
    phase = Phase.PROBING;
    probe = -1;
    retryAt = parts.ticker().nanos() + backoff.next().toNanos();
  }

  private String noAnswer() {
    String complaint = connection.serverError();
    return "no answer in time" + (complaint == null ? "" : ", the server said: " + complaint);
  }

  private void put() {
    Connection current = bound;
    if (current == null || phase == Phase.SETTLING) {
      return;
    }
    long now = parts.ticker().nanos();
    long ticketsBefore = tickets;
    window.skipToWaiting();
    while (window.hasUnsent() && mayPut(now) && put(current, window.next(), now)) {
      window.skipToWaiting();
    }
    if (tickets > ticketsBefore) {
      confirmations.sent(current, tickets);
    }
    if (phase == Phase.PROBING && probe < 0 && !window.hasUnsent()) {
      phase = Phase.FLOWING;
    }
  }

  private boolean mayPut(long now) {
    return phase == Phase.FLOWING || (probe < 0 && now - retryAt >= 0);
  }

  /**
   * @return false when it has to wait
   */
  private boolean put(Connection current, long position, long now) {
    Outgoing event = window.event(position);
    Way way = parts.ways().of(event.destination());
    try {
      return switch (way) {
        case UNKNOWN -> false;
        case CORE -> putCore(current, position, event);
        case STREAM -> putStream(current, position, event, now);
      };
    } catch (IllegalArgumentException e) {
      outcomes.troubled(position, "the client refuses it: " + e.getMessage());
      outcomes.lost(position, Loss.REFUSED);
      return true;
    } catch (IllegalStateException e) {
      // The connection broke, or the client has no room.
      return false;
    }
  }

  private boolean putCore(Connection current, long position, Outgoing event) {
    byte[] body = event.event().body();
    if (isTooLarge(current, position, body.length)) {
      return true;
    }
    current.publish(event.destination(), body);
    window.sent(position, State.SENT_CORE, tickets++);
    return true;
  }

  private boolean putStream(Connection current, long position, Outgoing event, long now) {
    byte[] body = event.event().body();
    Headers headers = new Headers().put("Nats-Msg-Id", event.event().id());
    if (isTooLarge(current, position, headers.serializedLength() + body.length)) {
      return true;
    }
    current.publish(event.destination(), inbox(current).replyTo(position), headers, body);
    window.sent(position, State.SENT_STREAM, now);
    probe = phase == Phase.PROBING ? position : -1;
    return true;
  }

  private boolean isTooLarge(Connection current, long position, int size) {
    if (size <= current.getMaxPayload()) {
      return false;
    }
    outcomes.troubled(position, "an event was larger than the server's max_payload");
    outcomes.lost(position, Loss.TOO_LARGE);
    return true;
  }

  private AckInbox inbox(Connection current) {
    if (inbox == null) {
      inbox = new AckInbox(current, answers, why -> cause = why, changed);
    }
    return inbox;
  }
}
