package org.osprey.coordinator.tasks;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.database.Database;

/**
 * The service requests as the coordinators share them: each is claimed by one, and only the claim
 * that is the latest may end it. Writes never block and complete after their commit.
 */
final class RequestTable {
  private static final int MOST_DEATHS = 5;

  private final Database database;
  private final String owner;

  /**
   * @param owner this run of this coordinator
   */
  RequestTable(Database database, String owner) {
    this.database = database;
    this.owner = owner;
  }

  /** Takes pending requests of a service whose time has come, those first that wait longest. */
  CompletionStage<List<ClaimedRequest>> claim(String service, int limit) {
    String claim =
        database.sql(
            """
            with due as materialized (
              select id as picked from service_requests
              where service_name = :service and status = 'PENDING' and next_attempt_at <= {now}
              order by next_attempt_at, id limit :limit {unlocked})
            update service_requests
            set status = 'IN_PROGRESS', owner = :owner, attempt = attempt + 1, updated_at = {now},
              first_attempt_at = coalesce(first_attempt_at, {now})
            from due where id = picked
            returning id, task_id, service_name, attempt, tries, redrive,
              {now} - first_attempt_at as elapsed, request_payload
            """);
    return database.write(
        handle -> {
          List<ClaimedRequest> claimed =
              handle
                  .createQuery(claim)
                  .bind("service", service)
                  .bind("owner", owner)
                  .bind("limit", limit)
                  .map((row, context) -> claimed(row))
                  .list();
          begin(handle, claimed);
          return claimed;
        });
  }

  /**
   * How many requests of a service wait, whether or not their time has come. Blocks.
   *
   * @param atMost no more are counted
   */
  int pending(String service, int atMost) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    """
                    select count(*) from (
                      select 1 from service_requests
                      where service_name = :service and status = 'PENDING' limit :limit) waiting
                    """)
                .bind("service", service)
                .bind("limit", atMost)
                .mapTo(Integer.class)
                .one());
  }

  /** The answer is there. Completes with how the task ended, if that was its last request. */
  CompletionStage<Ending> complete(ClaimedRequest claimed, String response) {
    return end(claimed, Status.COMPLETED, response, null);
  }

  /** It is given up. */
  CompletionStage<Ending> fail(ClaimedRequest claimed, String error) {
    return end(claimed, Status.FAILED, null, error);
  }

  /**
   * Somebody calls it again later.
   *
   * @param counts whether this call counts against the limit
   */
  CompletionStage<Ending> retry(
      ClaimedRequest claimed, String error, Duration delay, boolean counts) {
    String retry =
        database.sql(
            """
            update service_requests
            set status = 'PENDING', owner = null, error_message = :error, updated_at = {now},
              next_attempt_at = {now} + :delay, tries = tries + :counts
            where id = :id and owner = :owner and attempt = :attempt and status = 'IN_PROGRESS'
            """);
    return database.write(
        handle -> {
          int rows =
              handle
                  .createUpdate(retry)
                  .bind("error", error)
                  .bind("delay", delay.toMillis())
                  .bind("counts", counts ? 1 : 0)
                  .bind("id", claimed.id())
                  .bind("owner", owner)
                  .bind("attempt", claimed.attempt())
                  .execute();
          return new Ending(rows == 1, null);
        });
  }

  /**
   * How a call's end was taken.
   *
   * @param counted false when the claim was no longer the latest
   * @param task how the task ended, or null while it has not
   */
  record Ending(boolean counted, @Nullable Status task) {}

  /**
   * Says that this coordinator lives, and takes from dead ones what they had.
   *
   * @param deadAfter how long a coordinator may say nothing
   * @return how many requests were taken over
   */
  CompletionStage<Integer> takeOver(Duration deadAfter) {
    return database.write(
        handle -> {
          handle
              .createUpdate(
                  database.sql(
                      """
                      insert into task_coordinators (owner, seen_at) values (:owner, {now})
                      on conflict (owner) do update set seen_at = excluded.seen_at
                      """))
              .bind("owner", owner)
              .execute();
          // A database of one's own has no other coordinators, only earlier runs.
          long silence = database.isShared() ? deadAfter.toMillis() : -1;
          List<Dead> dead = releaseDead(handle, silence);
          for (Dead request : dead) {
            if (request.deaths() >= MOST_DEATHS) {
              endTask(handle, request.taskId(), true, "too many coordinators died with it");
            }
          }
          return dead.size();
        });
  }

  private record Dead(String taskId, int deaths) {}

  private List<Dead> releaseDead(Handle handle, long silence) {
    String release =
        database.sql(
            """
            update service_requests
            set deaths = deaths + 1, owner = null, updated_at = {now}, next_attempt_at = {now},
              status = case when deaths + 1 >= :deaths then 'FAILED' else 'PENDING' end,
              error_message = 'the coordinator died with it'
            where status = 'IN_PROGRESS' and owner <> :owner and not exists (
              select 1 from task_coordinators c
              where c.owner = service_requests.owner and c.seen_at >= {now} - :silence)
            returning task_id, deaths
            """);
    List<Dead> dead =
        handle
            .createQuery(release)
            .bind("deaths", MOST_DEATHS)
            .bind("owner", owner)
            .bind("silence", silence)
            .map((row, context) -> new Dead(row.getString(1), row.getInt(2)))
            .list();
    handle
        .createUpdate(
            database.sql(
                "delete from task_coordinators where owner <> :owner and seen_at < {now} - :silence"))
        .bind("owner", owner)
        .bind("silence", 10 * Math.max(silence, 0))
        .execute();
    return dead;
  }

  /**
   * Gives back what is claimed under our name and not held: the commit of a claim may come through
   * although its answer is lost.
   *
   * @param held ids of what is held now
   * @param olderThan only claims that are older, since younger ones may not be known yet
   */
  CompletionStage<Integer> releaseForgotten(List<Long> held, Duration olderThan) {
    String find =
        database.sql(
            """
            select id from service_requests
            where status = 'IN_PROGRESS' and owner = :owner and updated_at < {now} - :age
            """);
    String release =
        database.sql(
            """
            update service_requests
            set status = 'PENDING', owner = null, next_attempt_at = {now}, updated_at = {now}
            where id in (<ids>) and owner = :owner and status = 'IN_PROGRESS'
            """);
    return database.write(
        handle -> {
          List<Long> forgotten =
              new ArrayList<>(
                  handle
                      .createQuery(find)
                      .bind("owner", owner)
                      .bind("age", olderThan.toMillis())
                      .mapTo(Long.class)
                      .list());
          forgotten.removeAll(held);
          return forgotten.isEmpty()
              ? 0
              : handle
                  .createUpdate(release)
                  .bindList("ids", forgotten)
                  .bind("owner", owner)
                  .execute();
        });
  }

  /** Ends what is left of a coordinator that stops in good order. */
  CompletionStage<Integer> leave() {
    return database.write(
        handle ->
            handle
                .createUpdate("delete from task_coordinators where owner = :owner")
                .bind("owner", owner)
                .execute());
  }

  private void begin(Handle handle, List<ClaimedRequest> claimed) {
    List<String> tasks = claimed.stream().map(ClaimedRequest::taskId).distinct().sorted().toList();
    if (tasks.isEmpty()) {
      return;
    }
    handle
        .createUpdate(
            database.sql(
                """
                update tasks set status = 'IN_PROGRESS', updated_at = {now}
                where task_id in (<tasks>) and status = 'PENDING'
                """))
        .bindList("tasks", tasks)
        .execute();
  }

  private CompletionStage<Ending> end(
      ClaimedRequest claimed, Status status, @Nullable String response, @Nullable String error) {
    String end =
        database.sql(
            """
            update service_requests
            set status = :status, owner = null, response_payload = :response,
              error_message = :error, updated_at = {now}
            where id = :id and owner = :owner and attempt = :attempt and status = 'IN_PROGRESS'
            """);
    return database.write(
        handle -> {
          int rows =
              handle
                  .createUpdate(end)
                  .bind("status", status.name())
                  .bind("response", response)
                  .bind("error", error)
                  .bind("id", claimed.id())
                  .bind("owner", owner)
                  .bind("attempt", claimed.attempt())
                  .execute();
          if (rows == 0) {
            return new Ending(false, null);
          }
          String why = error == null ? null : claimed.service() + ": " + error;
          return new Ending(true, endTask(handle, claimed.taskId(), error != null, why));
        });
  }

  /** One request of the task has ended; the last one ends the task. */
  private @Nullable Status endTask(
      Handle handle, String taskId, boolean failed, @Nullable String error) {
    Status status =
        handle
            .createQuery(
                database.sql(
                    """
                    update tasks
                    set open_requests = open_requests - 1,
                      failed_requests = failed_requests + :failed,
                      error_message = coalesce(error_message, :error),
                      status = case when open_requests > 1 then status
                        when failed_requests + :failed > 0 then 'FAILED' else 'COMPLETED' end,
                      finished_at = case when open_requests > 1 then null else {now} end,
                      updated_at = {now}
                    where task_id = :task
                    returning status
                    """))
            .bind("failed", failed ? 1 : 0)
            .bind("error", error)
            .bind("task", taskId)
            .map((row, context) -> Status.valueOf(row.getString(1)))
            .one();
    return status.ended() ? status : null;
  }

  private static ClaimedRequest claimed(ResultSet row) throws SQLException {
    return new ClaimedRequest(
        row.getLong("id"),
        row.getString("task_id"),
        row.getString("service_name"),
        row.getInt("attempt"),
        row.getInt("tries"),
        row.getInt("redrive"),
        row.getLong("elapsed"),
        Payloads.items(row.getString("request_payload")));
  }
}
