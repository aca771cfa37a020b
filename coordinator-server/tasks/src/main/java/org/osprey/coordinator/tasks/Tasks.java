package org.osprey.coordinator.tasks;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.Measured;
import org.osprey.coordinator.core.Share;
import org.osprey.coordinator.core.Source;
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
  private final WorkerPool workers;
  private final TaskRunner runner;
  private final TaskSweeper sweeper;
  private final @Nullable TaskOutbox outbox;

  /**
   * @param database has the tables of {@link #FEATURE}; closed by its owner
   * @param share of what is to be done once for all coordinators of the database
   * @param topic where tasks go through, read by a {@link TaskConsumer}; null for none
   */
  public Tasks(
      TaskSettings settings,
      Database database,
      Ticker ticker,
      RandomGenerator random,
      Share share,
      @Nullable TaskTopic topic) {
    this.settings = settings;
    table = new TaskTable(database);
    String owner = UUID.randomUUID().toString();
    RequestTable requests = new RequestTable(database, owner, calledOnce(settings));
    workers = new WorkerPool(ticker, InstantSource.system());
    runner = new TaskRunner(settings, requests, endings, workers, counts, ticker, random);
    sweeper = new TaskSweeper(settings, table, requests, share, ticker);
    outbox = topic == null ? null : new TaskOutbox(database, topic, runner::wake, ticker);
  }

  @Override
  public void start() {
    runner.start();
    sweeper.start();
    if (outbox != null) {
      outbox.start();
    }
  }

  /** What {@code event_hub_mode} says in the API: {@code kafka} or {@code http}. */
  public String eventHubMode() {
    return way() == Way.TOPIC ? "kafka" : "http";
  }

  /** How tasks go that nobody waits for. */
  Way way() {
    return outbox == null ? Way.DATABASE : Way.TOPIC;
  }

  /**
   * Stores a task, which is worked on from then on.
   *
   * @return completes with its id after the commit
   */
  CompletionStage<String> submit(TaskRequest request, Way way) {
    String id = UUID.randomUUID().toString();
    return table
        .insert(id, request, way)
        .thenApply(
            nothing -> {
              counts.accepted();
              stored(way);
              return id;
            });
  }

  /**
   * As {@link #submit(TaskRequest, Way)}, but an equal request that comes again makes no second
   * task.
   *
   * @return completes with null when another request came with the key before
   */
  CompletionStage<@Nullable Submitted> submit(TaskRequest request, Way way, IdempotencyKey key) {
    String id = UUID.randomUUID().toString();
    return table
        .insert(id, request, way, key)
        .thenApply(
            known -> {
              stored(way);
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

  private void stored(Way way) {
    if (way == Way.TOPIC && outbox != null) {
      outbox.wake();
    } else {
      runner.wake();
    }
  }

  /**
   * A task has come back from the topic, or came from others, and is worked on from then on; one
   * that comes again changes nothing.
   *
   * @param request null when only a task that is stored can be meant
   * @return completes after the commit with whether there is such a task
   */
  CompletionStage<Boolean> consume(String taskId, @Nullable TaskRequest request) {
    return table
        .consume(taskId, request)
        .thenApply(
            reading -> {
              if (reading == TaskTable.Reading.STORED) {
                counts.accepted();
              }
              runner.wake();
              return reading != TaskTable.Reading.UNKNOWN;
            });
  }

  /** The task with its requests, or null. Blocks. */
  public @Nullable Task find(String taskId) {
    return table.find(taskId);
  }

  /** The task with its requests, without payloads and responses, or null. Blocks. */
  @Nullable Task progress(String taskId) {
    return table.progress(taskId);
  }

  /** Blocks until a task has ended, or is no more, or the time is over. */
  void awaitEnd(String taskId, Duration atMost) throws InterruptedException {
    endings.await(taskId, () -> table.status(taskId), atMost);
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

  /** What hands calls to workers; null when no service is one of theirs. */
  public @Nullable Source workers() {
    return settings.services().stream().anyMatch(ServiceSettings::callsWorkers) ? workers : null;
  }

  TaskSettings settings() {
    return settings;
  }

  private static List<String> calledOnce(TaskSettings settings) {
    return settings.services().stream()
        .filter(service -> !service.repeatUnknown())
        .map(ServiceSettings::name)
        .toList();
  }

  @Override
  public Check check() {
    Check sweeping = sweeper.check();
    return sweeping.healthy() ? runner.check() : sweeping;
  }

  @Override
  public List<SupervisedLoop> loops() {
    List<SupervisedLoop> loops = new ArrayList<>(runner.loops());
    loops.addAll(sweeper.loops());
    if (outbox != null) {
      loops.addAll(outbox.loops());
    }
    return loops;
  }

  @Override
  public void tell(Figures figures) {
    counts.tell(figures);
    runner.tell(figures);
    sweeper.tell(figures);
  }

  @Override
  public void close() {
    if (outbox != null) {
      outbox.close();
    }
    sweeper.close();
    runner.close();
  }
}
