package org.osprey.coordinator.core;

import java.util.concurrent.CompletionStage;

/** Publishes what workers computed. */
public interface ResultSink {

  /** Whether this ack has anything to publish. Called with the dispatcher's lock held. */
  default boolean wants(Outcome.Acked acked) {
    return acked.executionResult() != null;
  }

  /**
   * Stores the result durably. The source of the action is told only after the stage completed; a
   * stage that fails is tried again with backoff.
   *
   * @param acked has an execution result, or verdicts, or both
   */
  CompletionStage<Void> publish(Delivery delivery, Outcome.Acked acked);
}
