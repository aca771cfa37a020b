package org.osprey.coordinator.tasks;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.database.DatabaseException;
import org.osprey.coordinator.tasks.RequestTable.Ending;

/**
 * Has the ends of calls written down: while some are being written, those that come wait, and are
 * written next and together. What waits is no more than what is claimed.
 */
@ThreadSafe
final class Finishes {
  private static final int MOST_TOGETHER = 256;

  @SuppressWarnings("ThreadSafe") // it is
  private final RequestTable requests;

  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Queue<Waiting> waiting = new ArrayDeque<>();

  @GuardedBy("lock")
  private boolean writing;

  private record Waiting(Finish finish, CompletableFuture<Ending> ending) {}

  Finishes(RequestTable requests) {
    this.requests = requests;
  }

  /**
   * Never blocks.
   *
   * @return completes after the commit, on the thread that wrote it
   */
  CompletionStage<Ending> write(Finish finish) {
    Waiting entry = new Waiting(finish, new CompletableFuture<>());
    synchronized (lock) {
      waiting.add(entry);
    }
    writeNext();
    return entry.ending();
  }

  private void writeNext() {
    List<Waiting> next = next();
    if (!next.isEmpty()) {
      requests
          .finish(next.stream().map(Waiting::finish).toList())
          .whenComplete(
              (endings, failure) -> {
                synchronized (lock) {
                  writing = false;
                }
                // First, so that they go into the next commit.
                writeNext();
                tell(next, endings, failure);
              });
    }
  }

  private List<Waiting> next() {
    List<Waiting> next = new ArrayList<>();
    synchronized (lock) {
      while (!writing && !waiting.isEmpty() && next.size() < MOST_TOGETHER) {
        next.add(waiting.remove());
      }
      writing |= !next.isEmpty();
    }
    return next;
  }

  private void tell(
      List<Waiting> written, @Nullable List<Ending> endings, @Nullable Throwable failure) {
    if (endings != null) {
      for (int i = 0; i < written.size(); i++) {
        written.get(i).ending().complete(endings.get(i));
      }
    } else if (failure != null && written.size() > 1 && !isOfDatabase(failure)) {
      written.forEach(this::writeAlone);
    } else if (failure != null) {
      written.forEach(entry -> entry.ending().completeExceptionally(failure));
    }
  }

  /** One that cannot be stored must not keep others from being stored. */
  private void writeAlone(Waiting entry) {
    requests
        .finish(List.of(entry.finish()))
        .whenComplete((endings, failure) -> tell(List.of(entry), endings, failure));
  }

  private static boolean isOfDatabase(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof DatabaseException;
  }
}
