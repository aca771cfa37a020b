package org.osprey.coordinator.tasks;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.database.Database;

/** Counts down what is left of tasks; who comes to nought ends the task. */
final class TaskCounters {
  private final String count;

  TaskCounters(Database database) {
    count =
        database.sql(
            """
            update tasks
            set open_requests = open_requests - :ended,
              failed_requests = failed_requests + :failed,
              error_message = coalesce(error_message, :error),
              status = case when open_requests > :ended then status
                when failed_requests + :failed > 0 then 'FAILED' else 'COMPLETED' end,
              finished_at = case when open_requests > :ended then null else {now} end,
              updated_at = {now}
            where task_id = :task
            """);
  }

  /**
   * A request of a task that has ended.
   *
   * @param error of a failed one, as its task shows it, or null
   */
  record Ended(String taskId, @Nullable String error) {}

  /**
   * Within a piece of work, once for each request.
   *
   * @return the tasks that have ended, and how
   */
  Map<String, Status> count(Handle handle, List<Ended> requests) {
    if (requests.isEmpty()) {
      return Map.of();
    }
    // All coordinators lock tasks in this order, so that none waits for one that waits for it.
    SortedMap<String, Counts> tasks = new TreeMap<>();
    for (Ended request : requests) {
      tasks.merge(request.taskId(), Counts.of(request), Counts::plus);
    }
    PreparedBatch batch = handle.prepareBatch(count);
    tasks.forEach(
        (task, counts) ->
            batch
                .bind("task", task)
                .bind("ended", counts.ended())
                .bind("failed", counts.failed())
                .bind("error", counts.error())
                .add());
    batch.execute();
    Map<String, Status> ended = new HashMap<>();
    handle
        .createQuery(
            "select task_id, status from tasks where task_id in (<tasks>) and open_requests = 0")
        .bindList("tasks", tasks.keySet())
        .map((row, context) -> Map.entry(row.getString(1), Status.valueOf(row.getString(2))))
        .forEach(entry -> ended.put(entry.getKey(), entry.getValue()));
    return ended;
  }

  private record Counts(int ended, int failed, @Nullable String error) {
    static Counts of(Ended request) {
      return new Counts(1, request.error() == null ? 0 : 1, request.error());
    }

    Counts plus(Counts other) {
      return new Counts(
          ended + other.ended, failed + other.failed, error == null ? other.error : error);
    }
  }
}
