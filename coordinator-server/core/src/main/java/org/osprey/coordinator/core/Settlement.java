package org.osprey.coordinator.core;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores results and dead letters, and tells the dispatcher when that is done or failed. */
final class Settlement implements DispatchState.Storage {
  private static final Logger log = LoggerFactory.getLogger(Settlement.class);

  private final @Nullable ResultSink sink;
  private final DeadLetters deadLetters;
  private final Listener listener;

  interface Listener {
    void stored(Delivery delivery, @Nullable Throwable failure);
  }

  Settlement(@Nullable ResultSink sink, DeadLetters deadLetters, Listener listener) {
    this.sink = sink;
    this.deadLetters = deadLetters;
    this.listener = listener;
  }

  @Override
  public boolean wants(Outcome.Acked acked) {
    return sink != null && sink.wants(acked);
  }

  @Override
  public void store(Delivery delivery, Outcome outcome) {
    CompletionStage<Void> stage;
    try {
      stage = begin(delivery, outcome);
    } catch (RuntimeException e) {
      done(delivery, e);
      return;
    }
    stage.whenComplete((nothing, failure) -> done(delivery, failure));
  }

  private CompletionStage<Void> begin(Delivery delivery, Outcome outcome) {
    if (outcome instanceof Outcome.Acked acked && sink != null) {
      return sink.publish(delivery, acked);
    }
    if (outcome instanceof Outcome.DeadLettered letter) {
      return deadLetters.put(
          delivery, new DeadLetters.DeadLetter(letter.reason(), delivery.nacks, delivery.deaths));
    }
    throw new IllegalStateException("nothing to store for " + outcome);
  }

  private void done(Delivery delivery, @Nullable Throwable failure) {
    if (failure != null) {
      log.warn(
          "storing failed, will be tried again: {} cause=\"{}\"", delivery, failure.toString());
    }
    listener.stored(delivery, failure);
  }
}
