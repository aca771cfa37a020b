package org.osprey.coordinator.tasks;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jdbi.v3.core.Handle;
import org.osprey.coordinator.database.Database;

/**
 * The tasks that go through a topic, from when they are stored until they are read there. Writes
 * never block and complete after their commit.
 */
final class OutboxTable {
  private final Database database;

  OutboxTable(Database database) {
    this.database = database;
  }

  /**
   * To be published.
   *
   * @param message JSON
   */
  record Unpublished(String taskId, String message) {}

  /** Puts a task in, within the work that stores it. */
  static void add(Handle handle, Database database, String taskId) {
    handle
        .createUpdate(
            database.sql("insert into task_outbox (task_id, publish_at) values (:task, {now})"))
        .bind("task", taskId)
        .execute();
  }

  /** Takes a task out, within a piece of work. */
  static void remove(Handle handle, String taskId) {
    handle
        .createUpdate("delete from task_outbox where task_id = :task")
        .bind("task", taskId)
        .execute();
  }

  /**
   * Takes what is to be published, those first that wait longest.
   *
   * @param claim how long others leave it alone
   */
  CompletionStage<List<Unpublished>> take(int limit, Duration claim) {
    String take =
        database.sql(
            """
            with due as materialized (
              select task_id as picked from task_outbox
              where publish_at <= {now}
              order by publish_at, task_id limit :limit {unlocked})
            update task_outbox set publish_at = {now} + :claim
            from due where task_id = picked
            returning task_id
            """);
    return database.write(
        handle -> {
          List<String> taken =
              handle
                  .createQuery(take)
                  .bind("limit", limit)
                  .bind("claim", claim.toMillis())
                  .mapTo(String.class)
                  .list();
          return taken.isEmpty() ? List.of() : messages(handle, taken);
        });
  }

  /** It is published, or could not be; unless it is read before, somebody does it again then. */
  CompletionStage<Integer> postpone(String taskId, Duration delay) {
    // Who holds the row takes it out; waiting for that could go round in a circle.
    String postpone =
        database.sql(
            """
            update task_outbox set publish_at = {now} + :delay where task_id in (
              select task_id from task_outbox where task_id = :task {unlocked})
            """);
    return database.write(
        handle ->
            handle
                .createUpdate(postpone)
                .bind("delay", delay.toMillis())
                .bind("task", taskId)
                .execute());
  }

  private static List<Unpublished> messages(Handle handle, List<String> taskIds) {
    return handle
        .createQuery(
            """
            select task_id, task_name, task_description, payload from tasks
            where task_id in (<tasks>) order by id
            """)
        .bindList("tasks", taskIds)
        .map(
            (row, context) -> {
              String taskId = row.getString("task_id");
              return new Unpublished(
                  taskId,
                  TaskMessage.write(
                      taskId,
                      row.getString("task_name"),
                      row.getString("task_description"),
                      row.getString("payload")));
            })
        .list();
  }
}
