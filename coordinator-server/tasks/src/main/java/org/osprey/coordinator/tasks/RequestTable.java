package org.osprey.coordinator.tasks;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.EmptyHandling;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.database.Database;

/**
 * The service requests as the coordinators share them: each is claimed by one, and only the claim
 * that is the latest may end it. Writes never block and complete after their commit.
 */
final class RequestTable {
  private static final int MOST_DEATHS = 5;
  private static final int FORGOTTEN_AFTER_LIVES = 10;

  private final Database database;
  private final String owner;
  private final List<String> calledOnce;
  private final TaskCounters counters;
  private final String claim;
  private final String begin;
  private final String finish;

  /**
   * @param owner this run of this coordinator
   */
  RequestTable(Database database, String owner) {
    this(database, owner, List.of());
  }

  /**
   * @param calledOnce services that must not be called again when nobody knows how a call ended
   */
  RequestTable(Database database, String owner, List<String> calledOnce) {
    this.database = database;
    this.owner = owner;
    this.calledOnce = List.copyOf(calledOnce);
    counters = new TaskCounters(database);
    claim =
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
    // Who changes one at the same moment begins it as well: no need to wait.
    begin =
        database.sql(
            """
            update tasks set status = 'IN_PROGRESS', updated_at = {now}
            where task_id in (
              select task_id from tasks where task_id in (<tasks>) and status = 'PENDING'
              {unlocked})
            """);
    finish =
        database.sql(
            """
            update service_requests
            set status = :status, owner = null, response_payload = :response,
              error_message = :error, updated_at = {now}, next_attempt_at = {now} + :delay,
              tries = tries + :counts
            where id = :id and owner = :owner and attempt = :attempt and status = 'IN_PROGRESS'
            """);
  }

  /**
   * Takes pending requests whose time has come, those first that wait longest.
   *
   * @param limits most requests of each service
   */
  CompletionStage<List<ClaimedRequest>> claim(Map<String, Integer> limits) {
    return database.write(
        handle -> {
          List<ClaimedRequest> claimed = new ArrayList<>();
          limits.forEach((service, limit) -> claimed.addAll(claim(handle, service, limit)));
          begin(handle, claimed);
          return claimed;
        });
  }

  private List<ClaimedRequest> claim(Handle handle, String service, int limit) {
    return handle
        .createQuery(claim)
        .bind("service", service)
        .bind("owner", owner)
        .bind("limit", limit)
        .map((row, context) -> claimed(row))
        .list();
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

  /**
   * Writes down how calls ended, and with it how tasks did.
   *
   * @return completes with an ending for each, in their order
   */
  CompletionStage<List<Ending>> finish(List<Finish> finishes) {
    return database.write(
        handle -> {
          int[] rows = update(handle, finishes);
          List<TaskCounters.Ended> ended = new ArrayList<>();
          for (int i = 0; i < rows.length; i++) {
            Finish end = finishes.get(i);
            if (rows[i] == 1 && end.status().ended()) {
              String error =
                  end.error() == null ? null : end.request().service() + ": " + end.error();
              ended.add(new TaskCounters.Ended(end.request().taskId(), error));
            }
          }
          Map<String, Status> tasks = counters.count(handle, ended);
          List<Ending> endings = new ArrayList<>();
          for (int i = 0; i < rows.length; i++) {
            Status task = tasks.get(finishes.get(i).request().taskId());
            endings.add(new Ending(rows[i] == 1, rows[i] == 1 ? task : null));
          }
          return endings;
        });
  }

  private int[] update(Handle handle, List<Finish> finishes) {
    PreparedBatch batch = handle.prepareBatch(finish);
    for (Finish end : finishes) {
      batch
          .bind("status", end.status().name())
          .bind("response", end.response())
          .bind("error", end.error())
          .bind("delay", end.delay().toMillis())
          .bind("counts", end.counts() ? 1 : 0)
          .bind("id", end.request().id())
          .bind("owner", owner)
          .bind("attempt", end.request().attempt())
          .add();
    }
    return batch.execute();
  }

  /**
   * How a call's end was taken.
   *
   * @param counted false when the claim was no longer the latest
   * @param task how the task ended, or null while it has not
   */
  record Ending(boolean counted, @Nullable Status task) {
    /** Nothing was to be written, because others have ended the request. */
    static final Ending NONE = new Ending(true, null);
  }

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
          List<Released> dead = releaseDead(handle, silence(deadAfter));
          endFailed(handle, dead);
          return dead.size();
        });
  }

  /** A database of one's own has no other coordinators, only earlier runs. */
  private long silence(Duration deadAfter) {
    return database.isShared() ? deadAfter.toMillis() : -1;
  }

  /** A request that somebody had and has no more. */
  private record Released(String taskId, Status status, String error) {}

  private void endFailed(Handle handle, List<Released> released) {
    counters.count(
        handle,
        released.stream()
            .filter(request -> request.status() == Status.FAILED)
            .map(request -> new TaskCounters.Ended(request.taskId(), request.error()))
            .toList());
  }

  private static Released released(ResultSet row) throws SQLException {
    return new Released(
        row.getString("task_id"),
        Status.valueOf(row.getString("status")),
        row.getString("error_message"));
  }

  private List<Released> releaseDead(Handle handle, long silence) {
    String release =
        database.sql(
            """
            update service_requests
            set deaths = deaths + 1, owner = null, updated_at = {now}, next_attempt_at = {now},
              status = case when deaths + 1 >= :deaths or service_name in (<once>)
                then 'FAILED' else 'PENDING' end,
              error_message = case when deaths + 1 >= :deaths
                then 'too many coordinators died with it' else 'the coordinator died with it' end
            where id in (
              select id from service_requests r
              where status = 'IN_PROGRESS' and owner <> :owner and not exists (
                select 1 from task_coordinators c
                where c.owner = r.owner and c.seen_at >= {now} - :silence)
              {unlocked})
            returning task_id, status, error_message
            """);
    return handle
        .createQuery(release)
        .bindList(EmptyHandling.NULL_KEYWORD, "once", calledOnce)
        .bind("deaths", MOST_DEATHS)
        .bind("owner", owner)
        .bind("silence", silence)
        .map((row, context) -> released(row))
        .list();
  }

  /** Forgets coordinators from whom there is nothing left to take over. */
  CompletionStage<Integer> forgetDead(Duration deadAfter) {
    String dead =
        database.sql(
            "delete from task_coordinators where owner <> :owner and seen_at < {now} - :silence");
    return database.write(
        handle ->
            handle
                .createUpdate(dead)
                .bind("owner", owner)
                .bind("silence", FORGOTTEN_AFTER_LIVES * silence(deadAfter))
                .execute());
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
            set status = case when service_name in (<once>) then 'FAILED' else 'PENDING' end,
              owner = null, next_attempt_at = {now}, updated_at = {now},
              error_message = 'its end was lost'
            where id in (<ids>) and owner = :owner and status = 'IN_PROGRESS'
            returning task_id, status, error_message
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
          if (forgotten.isEmpty()) {
            return 0;
          }
          List<Released> released =
              handle
                  .createQuery(release)
                  .bindList(EmptyHandling.NULL_KEYWORD, "once", calledOnce)
                  .bindList("ids", forgotten)
                  .bind("owner", owner)
                  .map((row, context) -> released(row))
                  .list();
          endFailed(handle, released);
          return released.size();
        });
  }

  /**
   * Those of the requests that are ours no more: cancelled, or taken over. Blocks.
   *
   * @param held ids of what is held now
   */
  List<Long> lost(List<Long> held) {
    if (held.isEmpty()) {
      return List.of();
    }
    List<Long> lost = new ArrayList<>(held);
    lost.removeAll(
        database.read(
            handle ->
                handle
                    .createQuery(
                        """
                        select id from service_requests
                        where id in (<ids>) and owner = :owner and status = 'IN_PROGRESS'
                        """)
                    .bindList("ids", held)
                    .bind("owner", owner)
                    .mapTo(Long.class)
                    .set()));
    return lost;
  }

  /** Nothing is called any more: others need not wait before they take what is left. */
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
    handle.createUpdate(begin).bindList("tasks", tasks).execute();
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
