package org.osprey.coordinator.core;

import java.util.concurrent.CompletionStage;

/** Keeps the actions that could not be handled, with the reason. */
public interface DeadLetters {

  /** Why an action was given up. */
  enum Reason {
    /** Workers answered with a nack as often as the limit allows. */
    NACKED,
    /** Workers died with it, or let its lease expire, as often as the limit allows. */
    WORKERS_LOST
  }

  /**
   * Stores the delivery durably. A stage that fails is tried again with backoff, so storing one
   * twice must be harmless.
   */
  CompletionStage<Void> put(Delivery delivery, DeadLetter letter);

  /**
   * The history of a delivery that is given up.
   *
   * @param nacks how often workers nacked it
   * @param deaths how often a worker died with it or let its lease expire
   */
  record DeadLetter(Reason reason, int nacks, int deaths) {}
}
