package org.osprey.coordinator.http;

import java.util.concurrent.CompletableFuture;
import org.osprey.coordinator.core.Action;

/** One of the two ways an action that was sent can go. */
@FunctionalInterface
interface ActionSender {

  /**
   * Never blocks.
   *
   * @return the result, which comes on any thread and never as a failure; cancelling it says that
   *     nobody wants it any more
   */
  CompletableFuture<ActionResult> send(Action action);
}
