package org.osprey.coordinator.core;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Dead letters as long as the process lives: for tests and simulations. */
public final class InMemoryDeadLetters implements DeadLetters {
  private final List<Kept> kept = new ArrayList<>();

  /** A delivery and why it is here. */
  public record Kept(Delivery delivery, DeadLetter letter) {}

  @Override
  public synchronized CompletionStage<Void> put(Delivery delivery, DeadLetter letter) {
    kept.add(new Kept(delivery, letter));
    return CompletableFuture.completedFuture(null);
  }

  public synchronized List<Kept> kept() {
    return List.copyOf(kept);
  }
}
