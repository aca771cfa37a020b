package org.osprey.coordinator.database;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.database.DatabaseException.Reason;

/** A piece of work that waits to be committed. Owned by the writer once it is in the queue. */
final class PendingWrite<T extends @Nullable Object> {
  private static final int MOST_FAILURES = 5;

  private final Work<T> work;
  private final long deadline;
  private final CompletableFuture<T> stage = new CompletableFuture<>();

  /** How the last run ended, to be told after the commit. */
  private Runnable ending = () -> {};

  private boolean failedItself;
  private boolean perhapsStored;
  private int failures;

  /**
   * @param deadline ticker nanoseconds
   */
  PendingWrite(Work<T> work, long deadline) {
    this.work = work;
    this.deadline = deadline;
  }

  CompletionStage<T> stage() {
    return stage;
  }

  /** What it throws is not kept: that is {@link #fail(Throwable)}'s decision. */
  void run(Handle handle) throws Exception {
    failedItself = false;
    T value = work.run(handle);
    ending = () -> stage.complete(value);
  }

  /** The work is to blame, whatever becomes of the rest of the transaction. */
  void fail(Throwable cause) {
    failedItself = true;
    ending = () -> stage.completeExceptionally(cause);
  }

  void commitBegins() {
    perhapsStored = true;
  }

  /** The commit came through, or nothing more is to be tried. */
  void end() {
    ending.run();
  }

  boolean failedItself() {
    return failedItself;
  }

  boolean overdue(long now) {
    return deadline - now <= 0;
  }

  /**
   * To be called when its transaction failed with nothing else in it.
   *
   * @return whether to give it up
   */
  boolean spoiledOnceTooOften() {
    failures++;
    return failures >= MOST_FAILURES;
  }

  void giveUp(Reason reason, String message, @Nullable Throwable cause) {
    Reason known = perhapsStored ? Reason.UNKNOWN : reason;
    stage.completeExceptionally(new DatabaseException(known, message, cause));
  }
}
