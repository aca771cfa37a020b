package org.osprey.coordinator.core;

import com.google.errorprone.annotations.ThreadSafe;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osprey.coordinator.core.Submissions.RefusedException.Reason;

/** Submissions as long as the process lives, for an {@link InMemorySource} to read: for tests. */
@ThreadSafe
public final class InMemorySubmissions implements Submissions {
  private final InMemoryOrigin origin;
  private final int room;

  /**
   * @param room how many unfinished actions the origin may have
   */
  public InMemorySubmissions(InMemoryOrigin origin, int room) {
    this.origin = origin;
    this.room = room;
  }

  @Override
  public CompletionStage<Void> submit(Action action) {
    return origin.addWithin(room, action)
        ? CompletableFuture.completedStage(null)
        : CompletableFuture.failedStage(
            new RefusedException(Reason.FULL, room + " actions are stored already", null));
  }
}
