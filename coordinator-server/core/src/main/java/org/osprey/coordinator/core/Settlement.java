package org.osprey.coordinator.core;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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

    /** A result that its sink never takes is a dead letter now. */
    void resultTooLarge();
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
    Trace trace = delivery.trace();
    Trace.Task task = trace == null ? null : trace.begin(work(outcome));
    attempt(delivery, outcome)
        .whenComplete(
            (nothing, failure) -> {
              if (task != null) {
                task.ended(cause(failure));
              }
              done(delivery, failure);
            });
  }

  private static Trace.Work work(Outcome outcome) {
    return outcome instanceof Outcome.Acked ? Trace.Work.PUBLISH : Trace.Work.DEAD_LETTER;
  }

  private CompletionStage<Void> attempt(Delivery delivery, Outcome outcome) {
    try {
      return TraceIds.get(delivery.trace(), () -> begin(delivery, outcome));
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private CompletionStage<Void> begin(Delivery delivery, Outcome outcome) {
    if (outcome instanceof Outcome.Acked acked && sink != null) {
      return sink.publish(delivery, acked)
          .exceptionallyCompose(failure -> refused(delivery, acked, failure));
    }
    if (outcome instanceof Outcome.DeadLettered given) {
      return deadLetters.put(letter(delivery, given.reason(), error(delivery), null));
    }
    throw new IllegalStateException("nothing to store for " + outcome);
  }

  /** What a sink will never take is kept where somebody looks for it. */
  private CompletionStage<Void> refused(Delivery delivery, Outcome.Acked acked, Throwable failure) {
    Throwable cause = cause(failure);
    if (!(cause instanceof ResultSink.ResultTooLargeException)) {
      return CompletableFuture.failedStage(failure);
    }
    return deadLetters
        .put(
            letter(
                delivery,
                DeadLetter.Reason.RESULT_TOO_LARGE,
                String.valueOf(cause.getMessage()),
                acked.content(true)))
        .thenRun(listener::resultTooLarge);
  }

  private static @Nullable Throwable cause(@Nullable Throwable failure) {
    return failure instanceof CompletionException ? failure.getCause() : failure;
  }

  private static DeadLetter letter(
      Delivery delivery, DeadLetter.Reason reason, String error, byte @Nullable [] result) {
    return new DeadLetter(
        reason,
        delivery.source(),
        delivery.origin(),
        new DeadLetter.Decoded(delivery.action()),
        delivery.nacks,
        delivery.deaths,
        error,
        result);
  }

  private static String error(Delivery delivery) {
    return delivery.lastError == null ? "" : delivery.lastError;
  }

  private void done(Delivery delivery, @Nullable Throwable failure) {
    if (failure != null) {
      TraceIds.with(delivery.trace(), () -> warn(delivery, failure));
    }
    listener.stored(delivery, failure);
  }

  private static void warn(Delivery delivery, Throwable failure) {
    log.warn("storing failed, will be tried again: {} cause=\"{}\"", delivery, failure.toString());
  }
}
