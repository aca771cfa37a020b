package org.osprey.coordinator.streams.store;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.streams.Hold;

/**
 * The partitions and the coordinators as these share them. Only the clock of the database counts
 * here. Writes never block and complete after their commit.
 */
final class PartitionTable {
  /** Stands in a list so that it is never empty. */
  private static final int NO_PARTITION = -1;

  private static final int FORGOTTEN_AFTER_LIVES = 100;

  private final Database database;
  private final String owner;
  private final long life;
  private final String beat;
  private final String forget;
  private final String living;
  private final String renew;
  private final String claim;
  private final String owners;

  private record Owned(int partition, String owner, long endsIn) {}

  /**
   * @param owner this coordinator; what is claimed under this name and not held is free for it
   * @param life of a claim that is not renewed; means nothing in a database that is not shared
   */
  PartitionTable(Database database, String owner, Duration life) {
    this.database = database;
    this.owner = owner;
    this.life = life.toMillis();
    beat =
        database.sql(
            """
            insert into stream_instances (owner, seen_at) values (:owner, {now})
            on conflict (owner) do update set seen_at = excluded.seen_at
            """);
    forget =
        database.sql(
            """
            delete from stream_instances where owner in (
              select owner from stream_instances
              where owner <> :owner and seen_at <= {now} - :silence {unlocked})
            """);
    living =
        database.sql(
            """
            select owner from stream_instances
            where owner = :owner or seen_at > {now} - :life order by owner
            """);
    renew =
        database.sql(
            """
            update stream_partitions set expires_at = {now} + :life
            where owner = :owner and partition_id in (<held>)
            returning partition_id, epoch
            """);
    claim = database.sql(claim(database.isShared()));
    owners =
        database.sql(
            """
            select partition_id, owner, expires_at - {now} as ends_in from stream_partitions
            where owner is not null and expires_at > {now}
            """);
  }

  /** Nobody else can have the embedded database, so nobody else has what is in it. */
  private static String claim(boolean shared) {
    return """
        with free as materialized (
          select partition_id as picked from stream_partitions
          where %s and partition_id not in (<held>)
          order by partition_id limit :limit {unlocked})
        update stream_partitions
        set owner = :owner, epoch = epoch + 1, expires_at = {now} + :life
        from free where partition_id = picked
        returning partition_id, epoch
        """
        .formatted(shared ? "(owner is null or owner = :owner or expires_at <= {now})" : "1 = 1");
  }

  /**
   * Says that this coordinator lives, renews what it has, and takes what is free, up to its share.
   */
  CompletionStage<Round> round(Collection<Hold> held) {
    return database.write(
        handle -> {
          List<String> instances = instances(handle);
          Set<Hold> renewed = renew(handle, held);
          int room = Round.share(instances.size()) - renewed.size();
          List<Hold> claimed = claim(handle, renewed, room);
          return round(renewed, claimed, instances, owned(handle));
        });
  }

  /** Lets others have a partition, unless somebody has it already. */
  CompletionStage<Integer> free(Hold hold) {
    return database.write(
        handle ->
            handle
                .createUpdate(
                    """
                    update stream_partitions set owner = null, expires_at = 0
                    where partition_id = :partition and owner = :owner and epoch = :epoch
                    """)
                .bind("partition", hold.partition())
                .bind("owner", owner)
                .bind("epoch", hold.epoch())
                .execute());
  }

  /** Lets others have everything, and is not counted among them any more. */
  CompletionStage<Integer> leave() {
    return database.write(
        handle -> {
          handle.execute("delete from stream_instances where owner = ?", owner);
          return handle.execute(
              "update stream_partitions set owner = null, expires_at = 0 where owner = ?", owner);
        });
  }

  private List<String> instances(Handle handle) {
    if (!database.isShared()) {
      return List.of(owner);
    }
    handle.createUpdate(beat).bind("owner", owner).execute();
    handle
        .createUpdate(forget)
        .bind("owner", owner)
        .bind("silence", FORGOTTEN_AFTER_LIVES * life)
        .execute();
    return handle
        .createQuery(living)
        .bind("owner", owner)
        .bind("life", life)
        .mapTo(String.class)
        .list();
  }

  private Set<Hold> renew(Handle handle, Collection<Hold> held) {
    if (held.isEmpty()) {
      return Set.of();
    }
    Set<Hold> renewed = new HashSet<>(holds(bind(handle.createQuery(renew), held)));
    // Claimed under our name after that hold: by a claim whose answer was lost.
    renewed.retainAll(Set.copyOf(held));
    return renewed;
  }

  private List<Hold> claim(Handle handle, Collection<Hold> held, int most) {
    return most <= 0 ? List.of() : holds(bind(handle.createQuery(claim), held).bind("limit", most));
  }

  private List<Owned> owned(Handle handle) {
    return handle
        .createQuery(owners)
        .map(
            (row, context) ->
                new Owned(
                    row.getInt("partition_id"), row.getString("owner"), row.getLong("ends_in")))
        .list();
  }

  private Round round(
      Set<Hold> renewed, List<Hold> claimed, List<String> living, List<Owned> owned) {
    return new Round(
        renewed,
        claimed,
        living,
        owned.stream().collect(Collectors.toUnmodifiableMap(Owned::partition, Owned::owner)),
        owned.stream()
            .filter(lease -> !lease.owner().equals(owner))
            .mapToLong(Owned::endsIn)
            .min());
  }

  private <S extends SqlStatement<S>> S bind(S statement, Collection<Hold> held) {
    return statement
        .bindList(
            "held",
            Stream.concat(IntStream.of(NO_PARTITION).boxed(), held.stream().map(Hold::partition))
                .toList())
        .bind("owner", owner)
        .bind("life", life);
  }

  private static List<Hold> holds(Query query) {
    return query
        .map((row, context) -> new Hold(row.getInt("partition_id"), row.getLong("epoch")))
        .list();
  }
}
