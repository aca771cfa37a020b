package org.osprey.coordinator.core;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Publishes what workers computed. */
public interface ResultSink {

  /** Whether this ack has anything to publish. Called with the dispatcher's lock held. */
  default boolean wants(Outcome.Acked acked) {
    return acked.executionResult() != null;
  }

  /**
   * Stores the result durably. The source of the action is told only after the stage completed; a
   * stage that fails is tried again with backoff, but for {@link ResultTooLargeException}, which
   * makes a dead letter of it. Never blocks.
   *
   * @param acked has an execution result, or verdicts, or both
   */
  CompletionStage<Void> publish(Delivery delivery, Outcome.Acked acked);

  /** The sink will never take this result. */
  final class ResultTooLargeException extends Exception {
    private static final long serialVersionUID = 1;

    /**
     * @param message how large it is, and the setting that says how large it may be
     */
    public ResultTooLargeException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
