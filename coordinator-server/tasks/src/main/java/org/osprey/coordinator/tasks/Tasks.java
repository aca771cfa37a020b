package org.osprey.coordinator.tasks;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.Measured;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.tasks.TaskTable.Filter;

/** Tasks of this coordinator and of those that share its database. */
public final class Tasks implements Component, Supervised, Measured {
  /** What the {@link Database} has to bring up to date for this. */
  public static final String FEATURE = "tasks";

  private final TaskSettings settings;
  private final TaskTable table;
  private final Endings endings = new Endings();
  private final TaskCounts counts = new TaskCounts();
  private final TaskRunner runner;

  /**
   * @param database has the tables of {@link #FEATURE}; closed by its owner
   */
  public Tasks(TaskSettings settings, Database database, Ticker ticker, RandomGenerator random) {
    this.settings = settings;
    table = new TaskTable(database);
    String owner = UUID.randomUUID().toString();
    runner = new TaskRunner(settings, database, owner, endings, counts, ticker, random);
  }

  @Override
  public void start() {
    runner.start();
  }

  /**
   * Stores a task, which is worked on from then on.
   *
   * @return completes with its id after the commit
   */
  public CompletionStage<String> submit(TaskRequest request) {
    String id = UUID.randomUUID().toString();
    return table
        .insert(id, request)
        .thenApply(
            nothing -> {
              counts.accepted();
              runner.wake();
              return id;
            });
  }

  /**
   * As {@link #submit(TaskRequest)}, but an equal request that comes again makes no second task.
   *
   * @return completes with null when another request came with the key before
   */
  public CompletionStage<@Nullable Submitted> submit(TaskRequest request, IdempotencyKey key) {
    String id = UUID.randomUUID().toString();
    return table
        .insert(id, request, key)
        .thenApply(
            known -> {
              runner.wake();
              return switch (known) {
                case TaskKeys.Known.New first -> {
                  counts.accepted();
                  yield new Submitted(id, false);
                }
                case TaskKeys.Known.Replayed again -> new Submitted(again.taskId(), true);
                case TaskKeys.Known.Reused reused -> null;
              };
            });
  }

  /**
   * A task that is stored.
   *
   * @param replayed whether an earlier request had made it
   */
  public record Submitted(String taskId, boolean replayed) {}

  /** The task with its requests, or null. Blocks. */
  public @Nullable Task find(String taskId) {
    return table.find(taskId);
  }

  /**
   * Blocks until a task has ended or the time is over.
   *
   * @return the task as it is then, or null when there is none
   */
  public @Nullable Task await(String taskId, Duration atMost) throws InterruptedException {
    Status status = endings.await(taskId, () -> table.status(taskId), atMost);
    return status == null ? null : table.find(taskId);
  }

  /** The newest first. Blocks. */
  List<Task> list(Filter filter) {
    return table.list(filter);
  }

  /**
   * Ends a task that has not ended.
   *
   * @return completes with whether there is such a task
   */
  public CompletionStage<Boolean> cancel(String taskId) {
    return table
        .cancel(taskId)
        .thenApply(
            requests -> {
              endings.ended(taskId);
              if (requests != null) {
                counts.ended(Status.CANCELLED);
              }
              return requests != null;
            });
  }

  /**
   * Does again what failed or was cancelled of an ended task.
   *
   * @return completes with whether there is such a task; of two calls at a time one gets false
   */
  public CompletionStage<Boolean> retry(String taskId) {
    return table
        .retry(taskId)
        .thenApply(
            retried -> {
              runner.wake();
              return retried;
            });
  }

  TaskSettings settings() {
    return settings;
  }

  @Override
  public Check check() {
    return runner.check();
  }

  @Override
  public List<SupervisedLoop> loops() {
    return runner.loops();
  }

  @Override
  public void tell(Figures figures) {
    counts.tell(figures);
    runner.tell(figures);
  }

  @Override
  public void close() {
    runner.close();
  }
}
