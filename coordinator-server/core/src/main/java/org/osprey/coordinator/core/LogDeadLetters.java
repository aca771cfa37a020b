package org.osprey.coordinator.core;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a line for each dead letter and keeps nothing: for a coordinator without any store. The
 * payload stays out of the log.
 */
public final class LogDeadLetters implements DeadLetters {
  private static final Logger log = LoggerFactory.getLogger(LogDeadLetters.class);

  @Override
  public CompletionStage<Void> put(DeadLetter letter) {
    log.error("dead letter: {}", letter);
    return CompletableFuture.completedFuture(null);
  }
}
