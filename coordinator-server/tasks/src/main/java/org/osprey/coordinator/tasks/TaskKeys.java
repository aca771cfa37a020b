package org.osprey.coordinator.tasks;

import org.jdbi.v3.core.Handle;

/** Which request came with which Idempotency-Key. Its methods run within a piece of work. */
final class TaskKeys {
  /** What is known of a key. */
  sealed interface Known {
    /** Nobody used it before. */
    record New() implements Known {}

    /** An equal request came before and made this task. */
    record Replayed(String taskId) implements Known {}

    /** Another request came with it before. */
    record Reused() implements Known {}
  }

  private TaskKeys() {}

  /**
   * Takes a key for a request, unless it is taken.
   *
   * @param insert with {@code :key}, {@code :hash} and {@code :task}
   * @param taskId the id the task is going to have
   */
  static Known take(Handle handle, String insert, IdempotencyKey key, String taskId) {
    handle
        .createUpdate(insert)
        .bind("key", key.key())
        .bind("hash", key.bodyHash())
        .bind("task", taskId)
        .execute();
    return handle
        .createQuery("select body_hash, task_id from task_keys where idempotency_key = :key")
        .bind("key", key.key())
        .map(
            (row, context) -> {
              if (!key.bodyHash().equals(row.getString("body_hash"))) {
                return (Known) new Known.Reused();
              }
              String known = row.getString("task_id");
              return known.equals(taskId) ? new Known.New() : new Known.Replayed(known);
            })
        .one();
  }
}
