package org.osprey.coordinator.tasks;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.database.Database;

/**
 * The tasks as people see them. Writes never block and complete after their commit; reads block.
 */
final class TaskTable {
  /** When a request may be called whose task has not come back from the topic. */
  private static final long NOT_YET = Long.MAX_VALUE;

  /** Payloads beyond it are left out of lists, in bytes. */
  static final int LISTED_PAYLOAD = 4 * 1024;

  private static final int NO_PAYLOAD = 0;
  private static final int ANY_PAYLOAD = Integer.MAX_VALUE;

  /** Of a task, with payloads of so many bytes. */
  private static final String LISTED =
      """
      id, task_id, task_name, task_description, status, created_at, updated_at, requests,
        open_requests, failed_requests, error_message, submitted_by,
        case when payload_bytes <= :listed then payload end as payload
      """;

  private static final String SHORT_REQUEST =
      """
      id, task_id, service_name, scenario_id, business_type_id, status, attempt, created_at,
        updated_at, error_message, null as request_payload, null as response_payload
      """;

  private final Database database;
  private final String insertTask;
  private final String insertRequest;

  TaskTable(Database database) {
    this.database = database;
    insertTask =
        database.sql(
            """
            insert into tasks (task_id, task_name, task_description, status, created_at,
              updated_at, requests, open_requests, payload_bytes, payload,
              submitted_by)
            values (:id, :name, :description, 'PENDING', {now}, {now}, :requests, :requests,
              :bytes, :payload, :by)
            on conflict (task_id) do nothing
            """);
    insertRequest =
        database.sql(
            """
            insert into service_requests (task_id, service_name, scenario_id, business_type_id,
              status, created_at, updated_at, next_attempt_at, request_payload)
            values (:task, :service, :scenario, :business, 'PENDING', {now}, {now},
              coalesce(:notYet, {now}), :payload)
            """);
  }

  /**
   * Stores a task with its requests.
   *
   * @param taskId unique; a task that is stored twice is there once
   */
  CompletionStage<Void> insert(String taskId, TaskRequest request, Way way) {
    return database
        .write(
            handle -> {
              insert(handle, taskId, request, way);
              return taskId;
            })
        .thenAccept(id -> {});
  }

  /**
   * Stores a task with its requests, unless an equal request has done so.
   *
   * @param key what tells that
   */
  CompletionStage<TaskKeys.Known> insert(
      String taskId, TaskRequest request, Way way, IdempotencyKey key) {
    String take =
        database.sql(
            """
            insert into task_keys (idempotency_key, body_hash, task_id, created_at)
            values (:key, :hash, :task, {now}) on conflict (idempotency_key) do nothing
            """);
    return database.write(
        handle -> {
          TaskKeys.Known known = TaskKeys.take(handle, take, key, taskId);
          if (known instanceof TaskKeys.Known.New) {
            insert(handle, taskId, request, way);
          }
          return known;
        });
  }

  /**
   * What came back from the topic may be called; what nobody stored is stored now. Doing it again
   * changes nothing.
   *
   * @param request null when only a task that is stored can be meant
   */
  CompletionStage<Reading> consume(String taskId, @Nullable TaskRequest request) {
    String free =
        database.sql(
            """
            update service_requests set next_attempt_at = {now}
            where task_id = :task and status = 'PENDING' and next_attempt_at = :notYet
            """);
    return database.write(
        handle -> {
          if (!isThere(handle, taskId)) {
            if (request == null) {
              return Reading.UNKNOWN;
            }
            insert(handle, taskId, request, Way.DATABASE);
            return Reading.STORED;
          }
          handle.createUpdate(free).bind("task", taskId).bind("notYet", NOT_YET).execute();
          OutboxTable.remove(handle, taskId);
          return Reading.KNOWN;
        });
  }

  /** What was read from the topic. */
  enum Reading {
    /** A task that was there before. */
    KNOWN,
    /** A task of others, which is there now. */
    STORED,
    /** No task that is there, nor one that could be stored. */
    UNKNOWN
  }

  /** Forgets keys. */
  CompletionStage<Integer> purgeKeys(Duration olderThan) {
    String old = database.sql("delete from task_keys where created_at < {now} - :age");
    return database.write(
        handle -> handle.createUpdate(old).bind("age", olderThan.toMillis()).execute());
  }

  /** The task with its requests, or null. */
  @Nullable Task find(String taskId) {
    return find(taskId, ANY_PAYLOAD, "*");
  }

  /** The task with its requests, without payloads and responses, or null. */
  @Nullable Task progress(String taskId) {
    return find(taskId, NO_PAYLOAD, SHORT_REQUEST);
  }

  private @Nullable Task find(String taskId, int longestPayload, String requestColumns) {
    return database.read(
        handle -> {
          Task task =
              handle
                  .createQuery("select %s from tasks where task_id = :id".formatted(LISTED))
                  .bind("listed", longestPayload)
                  .bind("id", taskId)
                  .map((row, context) -> task(row))
                  .findOne()
                  .orElse(null);
          return task == null ? null : task.with(requests(handle, taskId, requestColumns));
        });
  }

  /** Its status, or null. */
  @Nullable Status status(String taskId) {
    return database.read(
        handle ->
            handle
                .createQuery("select status from tasks where task_id = :id")
                .bind("id", taskId)
                .map((row, context) -> Status.valueOf(row.getString(1)))
                .findOne()
                .orElse(null));
  }

  /**
   * A page of tasks.
   *
   * @param createdBefore with {@code idBefore} the last task of the page before, or null
   */
  record Filter(
      @Nullable Status status,
      @Nullable String name,
      @Nullable Instant createdBefore,
      long idBefore,
      int limit) {}

  /** The newest first; payloads that are long are left out. */
  List<Task> list(Filter filter) {
    StringBuilder where = new StringBuilder("where 1 = 1");
    if (filter.status() != null) {
      where.append(" and status = :status");
    }
    if (filter.name() != null) {
      where.append(" and task_name = :name");
    }
    if (filter.createdBefore() != null) {
      where.append(" and (created_at, id) < (:time, :id)");
    }
    return database.read(
        handle -> {
          var query =
              handle
                  .createQuery(
                      """
                      select %s from tasks %s order by created_at desc, id desc limit :limit
                      """
                          .formatted(LISTED, where))
                  .bind("listed", LISTED_PAYLOAD)
                  .bind("limit", filter.limit());
          if (filter.status() != null) {
            query.bind("status", filter.status().name());
          }
          if (filter.name() != null) {
            query.bind("name", filter.name());
          }
          if (filter.createdBefore() != null) {
            query.bind("time", filter.createdBefore().toEpochMilli()).bind("id", filter.idBefore());
          }
          return query.map((row, context) -> task(row)).list();
        });
  }

  /**
   * Ends a task that has not ended: what is pending is never called, what is being called is not
   * waited for.
   *
   * @return the requests that were being called, or null when there is no such open task
   */
  CompletionStage<@Nullable List<Long>> cancel(String taskId) {
    String requests =
        database.sql(
            """
            update service_requests set status = 'CANCELLED', owner = null, updated_at = {now}
            where task_id = :task and status in ('PENDING', 'IN_PROGRESS')
            returning id
            """);
    String task =
        database.sql(
            """
            update tasks
            set status = 'CANCELLED', open_requests = 0, finished_at = {now}, updated_at = {now}
            where task_id = :task and status in ('PENDING', 'IN_PROGRESS')
            """);
    return database.write(
        handle -> {
          List<Long> ended =
              handle.createQuery(requests).bind("task", taskId).mapTo(Long.class).list();
          int tasks = handle.createUpdate(task).bind("task", taskId).execute();
          OutboxTable.remove(handle, taskId);
          return tasks == 0 ? null : ended;
        });
  }

  /**
   * Does again what failed or was cancelled of an ended task; what succeeded stays.
   *
   * @return whether there is such a task; of two calls at a time one gets false
   */
  CompletionStage<Boolean> retry(String taskId) {
    String requests =
        database.sql(
            """
            update service_requests
            set status = 'PENDING', redrive = redrive + 1, tries = 0, deaths = 0,
              error_message = null, first_attempt_at = null, next_attempt_at = {now},
              updated_at = {now}
            where task_id = :task and status in ('FAILED', 'CANCELLED')
              and exists (select 1 from tasks t where t.task_id = :task
                and t.status in ('FAILED', 'CANCELLED'))
            """);
    String task =
        database.sql(
            """
            update tasks
            set status = 'PENDING', redrive = redrive + 1, open_requests = :open,
              failed_requests = 0, error_message = null, finished_at = null, updated_at = {now}
            where task_id = :task and status in ('FAILED', 'CANCELLED')
            """);
    return database.write(
        handle -> {
          int open = handle.createUpdate(requests).bind("task", taskId).execute();
          return open > 0
              && handle.createUpdate(task).bind("task", taskId).bind("open", open).execute() == 1;
        });
  }

  /**
   * Forgets ended tasks.
   *
   * @param limit most tasks of this call
   * @return how many are gone
   */
  CompletionStage<Integer> purge(Duration olderThan, int limit) {
    String old =
        database.sql(
            """
            select task_id from tasks where finished_at < {now} - :age
            order by finished_at limit :limit
            """);
    return database.write(
        handle -> {
          List<String> tasks =
              handle
                  .createQuery(old)
                  .bind("age", olderThan.toMillis())
                  .bind("limit", limit)
                  .mapTo(String.class)
                  .list();
          if (tasks.isEmpty()) {
            return 0;
          }
          handle
              .createUpdate("delete from service_requests where task_id in (<tasks>)")
              .bindList("tasks", tasks)
              .execute();
          return handle
              .createUpdate("delete from tasks where task_id in (<tasks>)")
              .bindList("tasks", tasks)
              .execute();
        });
  }

  private static boolean isThere(Handle handle, String taskId) {
    return handle
        .createQuery("select 1 from tasks where task_id = :task")
        .bind("task", taskId)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  private void insert(Handle handle, String taskId, TaskRequest request, Way way) {
    if (insertTask(handle, taskId, request) == 0) {
      return;
    }
    insertRequests(handle, taskId, request.calls(), way);
    if (way == Way.TOPIC) {
      OutboxTable.add(handle, database, taskId);
    }
  }

  private int insertTask(Handle handle, String taskId, TaskRequest request) {
    return handle
        .createUpdate(insertTask)
        .bind("id", taskId)
        .bind("name", request.name())
        .bind("description", request.description())
        .bind("requests", request.calls().size())
        .bind("bytes", request.payload().length())
        .bind("payload", request.payload())
        .bind("by", request.submittedBy())
        .execute();
  }

  private void insertRequests(Handle handle, String taskId, List<TaskRequest.Call> calls, Way way) {
    PreparedBatch batch = handle.prepareBatch(insertRequest);
    Long notYet = way == Way.TOPIC ? NOT_YET : null;
    for (TaskRequest.Call call : calls) {
      batch
          .bind("task", taskId)
          .bind("service", call.service())
          .bind("scenario", call.scenarioId())
          .bind("business", call.businessTypeId())
          .bind("notYet", notYet)
          .bind("payload", Payloads.stored(call.items()))
          .add();
    }
    batch.execute();
  }

  private static List<Task.Request> requests(Handle handle, String taskId, String columns) {
    return handle
        .createQuery(
            "select %s from service_requests where task_id = :id order by id".formatted(columns))
        .bind("id", taskId)
        .map((row, context) -> request(row))
        .list();
  }

  private static Task task(ResultSet row) throws SQLException {
    return new Task(
        row.getLong("id"),
        row.getString("task_id"),
        row.getString("task_name"),
        row.getString("task_description"),
        Status.valueOf(row.getString("status")),
        time(row, "created_at"),
        time(row, "updated_at"),
        new Task.Progress(
            row.getInt("requests"), row.getInt("open_requests"), row.getInt("failed_requests")),
        row.getString("payload"),
        row.getString("error_message"),
        List.of(),
        row.getString("submitted_by"));
  }

  private static Task.Request request(ResultSet row) throws SQLException {
    return new Task.Request(
        row.getLong("id"),
        row.getString("task_id"),
        row.getString("service_name"),
        row.getString("scenario_id"),
        row.getString("business_type_id"),
        Status.valueOf(row.getString("status")),
        row.getInt("attempt"),
        time(row, "created_at"),
        time(row, "updated_at"),
        row.getString("request_payload"),
        row.getString("response_payload"),
        row.getString("error_message"));
  }

  private static Instant time(ResultSet row, String column) throws SQLException {
    return Instant.ofEpochMilli(row.getLong(column));
  }
}
