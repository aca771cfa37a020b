package org.osprey.coordinator.core;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Results as long as the process lives: for tests and simulations. */
public final class InMemoryResultSink implements ResultSink {
  private final boolean includeVerdicts;
  private final int largest;
  private final List<Published> published = new ArrayList<>();

  /** A delivery and what its worker computed. */
  public record Published(Delivery delivery, Outcome.Acked acked) {}

  public InMemoryResultSink() {
    this(false, Integer.MAX_VALUE);
  }

  /**
   * @param includeVerdicts whether an ack with nothing but verdicts is wanted
   * @param largest the most bytes that are taken
   */
  public InMemoryResultSink(boolean includeVerdicts, int largest) {
    this.includeVerdicts = includeVerdicts;
    this.largest = largest;
  }

  @Override
  public boolean wants(Outcome.Acked acked) {
    return acked.content(includeVerdicts) != null;
  }

  @Override
  public synchronized CompletionStage<Void> publish(Delivery delivery, Outcome.Acked acked) {
    byte[] content = acked.content(true);
    if (content != null && content.length > largest) {
      return CompletableFuture.failedFuture(
          new ResultTooLargeException("%d bytes > %d".formatted(content.length, largest), null));
    }
    published.add(new Published(delivery, acked));
    return CompletableFuture.completedFuture(null);
  }

  public synchronized List<Published> published() {
    return List.copyOf(published);
  }
}
