package org.osprey.coordinator.core;

import java.util.concurrent.CompletionStage;

/** Keeps what could not be handled, with the reason. */
@FunctionalInterface
public interface DeadLetters {

  /**
   * Stores the letter durably; never blocks. A stage that fails is tried again with backoff, so
   * storing one twice must be harmless.
   */
  CompletionStage<Void> put(DeadLetter letter);
}
