package org.osprey.coordinator.core;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Results as long as the process lives: for tests and simulations. */
public final class InMemoryResultSink implements ResultSink {
  private final List<Published> published = new ArrayList<>();

  /** A delivery and what its worker computed. */
  public record Published(Delivery delivery, Outcome.Acked acked) {}

  @Override
  public synchronized CompletionStage<Void> publish(Delivery delivery, Outcome.Acked acked) {
    published.add(new Published(delivery, acked));
    return CompletableFuture.completedFuture(null);
  }

  public synchronized List<Published> published() {
    return List.copyOf(published);
  }
}
