package org.osprey.coordinator.tasks;

import java.util.concurrent.CompletableFuture;

/** Who does what the calls to one service ask for. */
@FunctionalInterface
interface CallTarget {

  /**
   * Never blocks.
   *
   * @return completes within the service's time-out, on any thread, and never fails; who completes
   *     it before aborts the call
   */
  CompletableFuture<Attempt> call(ClaimedRequest request);
}
