package org.osprey.coordinator.worker;

import java.time.Duration;
import java.util.Objects;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorAction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One action in the handler's hands, on a virtual thread of its own. Handler and clock may both
 * offer an answer; whoever takes it decides which was first.
 */
final class ActionRun {
  private static final Logger log = LoggerFactory.getLogger(StreamWorker.class);

  private final OspreyCoordinatorAction message;
  private final ActionHandler handler;
  private final Recipient recipient;
  private final Thread thread;

  @FunctionalInterface
  interface Recipient {
    /** False when the action has been answered or given up before: this answer goes nowhere. */
    boolean take(ActionRun run, Answer answer);
  }

  ActionRun(OspreyCoordinatorAction message, ActionHandler handler, Recipient recipient) {
    this.message = message;
    this.handler = handler;
    this.recipient = recipient;
    thread = Thread.ofVirtual().name("osprey-action-" + idText()).unstarted(this::handle);
  }

  OspreyCoordinatorAction message() {
    return message;
  }

  void start() {
    thread.start();
  }

  /** Nobody waits for the answer any more. */
  void abandon() {
    thread.interrupt();
  }

  /** True when this nacked the action; false when the handler was faster after all. */
  boolean expire(Duration limit) {
    if (!recipient.take(this, Answer.nack())) {
      return false;
    }
    thread.interrupt();
    log.warn(
        "handler too slow, nacked: action_id={} action_name={} limit_ms={}",
        idText(),
        message.getActionName(),
        limit.toMillis());
    return true;
  }

  private void handle() {
    try {
      Answer answer = handler.handle(ReceivedAction.of(message));
      recipient.take(this, Objects.requireNonNull(answer, "the handler answered null"));
    } catch (Throwable failure) {
      // Errors too: an action left without an answer would hold its stream until the lease is over.
      if (recipient.take(this, Answer.nack())) {
        logFailure(failure);
      }
    }
  }

  /** The exception itself only at debug level: its message may well quote the payload. */
  private void logFailure(Throwable failure) {
    StackTraceElement[] trace = failure.getStackTrace();
    log.warn(
        "handler failed, nacked: action_id={} action_name={} error={} at={}",
        idText(),
        message.getActionName(),
        failure.getClass().getName(),
        trace.length == 0 ? "unknown" : trace[0]);
    log.debug("handler failed: action_id={}", idText(), failure);
  }

  private String idText() {
    return Long.toUnsignedString(message.getActionId());
  }
}
