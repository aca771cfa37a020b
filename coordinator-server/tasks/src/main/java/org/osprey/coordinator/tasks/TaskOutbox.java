package org.osprey.coordinator.tasks;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Signal;
import org.osprey.coordinator.core.Submissions.RefusedException;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.DatabaseException;
import org.osprey.coordinator.tasks.OutboxTable.Unpublished;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes tasks from their rows: those that nobody has published, and those that nobody has read
 * a good while after. Publishing twice is harmless.
 */
final class TaskOutbox implements Supervised, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TaskOutbox.class);
  private static final Duration STUCK_AFTER = Duration.ofMinutes(3);

  /** What other coordinators left, or the topic lost, shows only when looked for. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

  /** Long enough for an answer of the topic; then another coordinator may try. */
  private static final Duration CLAIM = Duration.ofSeconds(15);

  private static final Duration REST_IN_TROUBLE = Duration.ofSeconds(1);
  private static final int MOST_OUT = 100;

  private final OutboxTable table;
  private final TaskTable tasks;
  private final TaskTopic topic;
  private final Runnable freed;
  private final SupervisedLoop loop;

  /** Ids of tasks that the topic has not answered for. */
  private final Set<String> out = ConcurrentHashMap.newKeySet();

  /** Something may have changed since the last look. */
  private final Signal changed = new Signal();

  /**
   * @param freed told when a task may be worked on without going through the topic
   */
  TaskOutbox(Database database, TaskTopic topic, Runnable freed, Ticker ticker) {
    table = new OutboxTable(database);
    tasks = new TaskTable(database);
    this.topic = topic;
    this.freed = freed;
    loop = new SupervisedLoop("tasks-outbox", ticker, STUCK_AFTER, this::step);
  }

  void start() {
    loop.start();
  }

  /** A task was stored. */
  void wake() {
    changed.wake();
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  /** What the topic has not answered for is published again by somebody. */
  @Override
  public void close() {
    wake();
    loop.close();
  }

  private void step() throws InterruptedException {
    boolean more = false;
    Duration rest = LOOK_AGAIN;
    try {
      more = publishDue();
    } catch (DatabaseException e) {
      // The database itself says what is wrong.
      rest = REST_IN_TROUBLE;
    }
    if (!more) {
      changed.await(rest);
    }
  }

  private boolean publishDue() {
    int room = MOST_OUT - out.size();
    if (room <= 0) {
      return false;
    }
    List<Unpublished> due = Database.join(table.take(room, CLAIM));
    due.forEach(this::publish);
    return due.size() == room;
  }

  private void publish(Unpublished task) {
    if (!out.add(task.taskId())) {
      // Its turn came again while it still waits for the topic.
      return;
    }
    topic
        .publisher()
        .publish(task.taskId(), task.message())
        .handle((nothing, failure) -> settle(task.taskId(), failure))
        .thenCompose(settled -> settled)
        .whenComplete((rows, failure) -> settled(task.taskId()));
  }

  private CompletionStage<?> settle(String taskId, @Nullable Throwable failure) {
    if (failure == null) {
      return table.postpone(taskId, topic.republishAfter());
    }
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof RefusedException refused
        && refused.reason() == RefusedException.Reason.TOO_LARGE) {
      log.warn(
          "task goes without the topic: task_id={} cause=\"{}\"", taskId, refused.getMessage());
      return tasks.consume(taskId, null).thenRun(freed);
    }
    // The publisher itself says what is wrong.
    return table.postpone(taskId, REST_IN_TROUBLE);
  }

  /** If that could not be written, the claim ends by itself. */
  private void settled(String taskId) {
    boolean full = out.size() >= MOST_OUT;
    out.remove(taskId);
    if (full) {
      wake();
    }
  }
}
