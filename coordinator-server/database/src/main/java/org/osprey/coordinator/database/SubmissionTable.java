package org.osprey.coordinator.database;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Action;

/** The table of submissions. What writes never blocks, what reads does. */
final class SubmissionTable {
  /** Rows in one statement. */
  static final int LARGEST_BATCH = 500;

  private final Database database;
  private final String owner;
  private final long claimMillis;

  private final String insert;
  private final String candidates;
  private final String claim;
  private final String renew;

  /**
   * A row that could be claimed.
   *
   * @param bytes of its payload and secret
   */
  record Candidate(long id, long bytes) {}

  /**
   * @param owner no other coordinator that uses the database at this time has this name
   */
  SubmissionTable(Database database, String owner, Duration claimTime) {
    this.database = database;
    this.owner = owner;
    claimMillis = claimTime.toMillis();
    String now = database.engine().now();
    // Nobody has it, or whoever had it fell silent.
    String free = "(owner is null or claimed_until < %s)".formatted(now);
    insert =
        """
        insert into submissions (token, submitted_at, due_at, bytes, action_id, action_name,
          encoding, happened_at, not_before, data, secret)
        values (:token, %s, coalesce(:dueAt, %s), :bytes, :actionId, :actionName,
          :encoding, :happenedAt, :notBefore, :data, :secret)
        on conflict (token) do nothing
        """
            .formatted(now, now);
    candidates =
        """
        select id, bytes from submissions
        where due_at <= %s + :ahead and %s
        order by due_at, id limit :limit
        """
            .formatted(now, free);
    claim =
        """
        update submissions set owner = :owner, claimed_until = %s + :claim
        where id in (
          select id from submissions where id in (<ids>) and (owner = :owner or %s)
          order by id %s)
        returning *
        """
            .formatted(now, free, database.engine().passingOverLocked());
    renew =
        """
        update submissions set claimed_until = %s + :claim
        where id in (<ids>) and owner = :owner
        """
            .formatted(now);
  }

  CompletionStage<Integer> insert(Action action) {
    String token = UUID.randomUUID().toString();
    return database.write(handle -> insert(handle, token, action));
  }

  /**
   * What is due, or will be soon, in that order.
   *
   * @param ahead how soon
   */
  List<Candidate> candidates(Duration ahead, int limit) {
    return database.read(
        handle ->
            handle
                .createQuery(candidates)
                .bind("ahead", ahead.toMillis())
                .bind("limit", Math.min(limit, LARGEST_BATCH))
                .map((row, context) -> new Candidate(row.getLong("id"), row.getLong("bytes")))
                .list());
  }

  /**
   * @return those that are this coordinator's now; others were quicker with the rest
   */
  CompletionStage<List<StoredSubmission>> claim(Collection<Long> ids) {
    return database.write(
        handle ->
            // Its rows come through a query: an update answers with a count only.
            handle
                .createQuery(claim)
                .bindList("ids", List.copyOf(ids))
                .bind("owner", owner)
                .bind("claim", claimMillis)
                .map(StoredSubmission::read)
                .list());
  }

  CompletionStage<Integer> renew(Collection<Long> ids) {
    return database.write(
        handle ->
            handle
                .createUpdate(renew)
                .bindList("ids", List.copyOf(ids))
                .bind("owner", owner)
                .bind("claim", claimMillis)
                .execute());
  }

  /** Leaves them to whoever comes first. */
  CompletionStage<Integer> release(Collection<Long> ids) {
    return database.write(
        handle ->
            handle
                .createUpdate(
                    """
                    update submissions set owner = null, claimed_until = 0
                    where id in (<ids>) and owner = :owner
                    """)
                .bindList("ids", List.copyOf(ids))
                .bind("owner", owner)
                .execute());
  }

  /** Forgets what an earlier run had, where there can be no other coordinator that has it. */
  CompletionStage<Integer> releaseAll() {
    return database.write(
        handle ->
            handle.execute(
                "update submissions set owner = null, claimed_until = 0 where owner is not null"));
  }

  CompletionStage<Integer> delete(Collection<Long> ids) {
    return database.write(
        handle ->
            handle
                .createUpdate("delete from submissions where id in (<ids>)")
                .bindList("ids", List.copyOf(ids))
                .execute());
  }

  long count() {
    return database.read(
        handle -> handle.createQuery("select count(*) from submissions").mapTo(Long.class).one());
  }

  private int insert(Handle handle, String token, Action action) {
    Instant notBefore = action.notBefore();
    try (Update update = handle.createUpdate(insert)) {
      update
          .bind("token", token)
          .bind("dueAt", notBefore == null ? null : millis(notBefore))
          .bind("bytes", action.size());
      ActionColumns.bind(update, action);
      return update.execute();
    }
  }

  private static @Nullable Long millis(Instant time) {
    return Math.ceilDiv(time.getNano(), 1_000_000) + time.getEpochSecond() * 1000;
  }
}
