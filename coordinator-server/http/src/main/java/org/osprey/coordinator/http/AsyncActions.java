package org.osprey.coordinator.http;

import io.javalin.http.HttpStatus;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Submissions;
import org.osprey.coordinator.core.Submissions.RefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Actions that are stored and answered for at once, and handled later. */
final class AsyncActions {
  private static final Logger log = LoggerFactory.getLogger(AsyncActions.class);

  /** Payloads that wait to be stored, of all requests together. */
  private static final long MOST_WAITING_BYTES = 64L << 20;

  private final Submissions submissions;
  private final BooleanSupplier draining;
  private final AtomicLong waitingBytes = new AtomicLong();

  AsyncActions(Submissions submissions, BooleanSupplier draining) {
    this.submissions = submissions;
    this.draining = draining;
  }

  /**
   * @param timeout how long the store may take for each action
   */
  ActionSender within(Duration timeout) {
    return action -> send(action, timeout);
  }

  private CompletableFuture<ActionResult> send(Action action, Duration timeout) {
    if (draining.getAsBoolean()) {
      return CompletableFuture.completedFuture(ActionResult.draining(action));
    }
    long size = action.size();
    if (waitingBytes.addAndGet(size) > MOST_WAITING_BYTES && waitingBytes.get() > size) {
      waitingBytes.addAndGet(-size);
      return CompletableFuture.completedFuture(
          ActionResult.failed(HttpStatus.TOO_MANY_REQUESTS, action, "too much waits to be stored"));
    }
    return submissions
        .submit(action)
        .whenComplete((stored, failure) -> waitingBytes.addAndGet(-size))
        .thenApply(stored -> ActionResult.accepted(action))
        .toCompletableFuture()
        .copy()
        .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
        .exceptionally(failure -> failed(action, failure));
  }

  private static ActionResult failed(Action action, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return switch (cause) {
      case RefusedException refused -> ActionResult.of(action, refused);
      case TimeoutException late ->
          ActionResult.failed(
              HttpStatus.GATEWAY_TIMEOUT,
              action,
              "the store did not answer in time, the action may be stored or not");
      default -> {
        log.error("a store broke its contract: {}", action, cause);
        yield ActionResult.failed(
            HttpStatus.INTERNAL_SERVER_ERROR, action, "see the coordinator's log");
      }
    };
  }
}
