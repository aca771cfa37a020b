package org.osprey.coordinator.http;

import io.javalin.http.HttpStatus;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.Lane;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.core.Tracer;

/** Actions whose sender waits for the verdicts. */
final class SyncActions {
  private static final String SOURCE = "http";

  private final Dispatcher dispatcher;
  private final Ticker ticker;

  SyncActions(Dispatcher dispatcher, Ticker ticker) {
    this.dispatcher = dispatcher;
    this.ticker = ticker;
  }

  /**
   * @param timeout of each action, from when it is sent
   * @param headers of the request that brings them
   */
  ActionSender within(Duration timeout, Tracer.Headers headers) {
    return action -> send(action, timeout, headers);
  }

  private CompletableFuture<ActionResult> send(
      Action action, Duration timeout, Tracer.Headers headers) {
    if (action.notBefore() != null) {
      return CompletableFuture.completedFuture(
          ActionResult.failed(
              HttpStatus.BAD_REQUEST, action, "not_before goes with mode=async only"));
    }
    CompletableFuture<ActionResult> result = new CompletableFuture<>();
    long now = ticker.nanos();
    Tracer tracer = dispatcher.tracer();
    Delivery delivery =
        Delivery.sync(
            action,
            SOURCE,
            now + timeout.toNanos(),
            outcome -> result.complete(ActionResult.of(action, outcome)),
            tracer == null ? null : tracer.begin(action, Lane.SYNC, SOURCE, now, headers));
    switch (dispatcher.offer(delivery)) {
      case ACCEPTED -> cancelWith(result, delivery);
      case FULL -> result.complete(ActionResult.full(action));
      case DRAINING -> result.complete(ActionResult.draining(action));
    }
    return result;
  }

  private void cancelWith(CompletableFuture<ActionResult> result, Delivery delivery) {
    CompletableFuture<ActionResult> unused =
        result.whenComplete(
            (ended, unwanted) -> {
              if (unwanted != null) {
                dispatcher.cancel(delivery);
              }
            });
  }
}
