package org.osprey.coordinator.database;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Submissions;
import org.osprey.coordinator.core.Submissions.RefusedException.Reason;

/** Puts actions into the table that a {@link DatabaseSource} reads. */
final class DatabaseSubmissions implements Submissions {
  private final SubmissionTable table;
  private final StoredCount count;
  private final Runnable stored;

  /**
   * @param stored told of each that is stored
   */
  DatabaseSubmissions(SubmissionTable table, StoredCount count, Runnable stored) {
    this.table = table;
    this.count = count;
    this.stored = stored;
  }

  @Override
  public CompletionStage<Void> submit(Action action) {
    if (!count.reserve()) {
      return CompletableFuture.failedStage(
          new RefusedException(
              Reason.FULL, "submissions.maxStored=%d: so many wait".formatted(count.most()), null));
    }
    return table
        .insert(action)
        .handle((rows, failure) -> ended(failure))
        .thenCompose(stage -> stage);
  }

  private CompletionStage<Void> ended(@Nullable Throwable failure) {
    count.ended(failure == null);
    if (failure != null) {
      return CompletableFuture.failedStage(
          new RefusedException(reason(failure), String.valueOf(failure.getMessage()), failure));
    }
    stored.run();
    return CompletableFuture.completedStage(null);
  }

  private static Reason reason(Throwable failure) {
    if (!(failure instanceof DatabaseException known)) {
      return Reason.UNAVAILABLE;
    }
    return switch (known.reason()) {
      case QUEUE_FULL -> Reason.FULL;
      case UNAVAILABLE, CLOSED -> Reason.UNAVAILABLE;
      case UNKNOWN -> Reason.UNKNOWN;
    };
  }
}
