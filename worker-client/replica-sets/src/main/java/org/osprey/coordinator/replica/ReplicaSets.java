package org.osprey.coordinator.replica;

import static org.osprey.coordinator.replica.jdbc.Sql.update;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.replica.event.Slots;
import org.osprey.coordinator.replica.member.NextGeneration;

/**
 * What operators see of replica sets, and may do with them. Safe for use by many threads. Where no
 * worker has ever made the tables there are none. Every method throws {@link
 * org.osprey.coordinator.replica.event.StoreException} when the database does not do what it is
 * asked for.
 */
public final class ReplicaSets {
  private static final String SETS =
      "select s.replica_set, s.generation, s.partitions, s.changed_at, w.worker, w.partition,"
          + " w.ready, cast(extract(epoch from clock_timestamp() - w.heartbeat) * 1000 as bigint),"
          + " w.heartbeat <= clock_timestamp() - w.stale"
          + " from rs_sets s left join rs_workers w on w.replica_set = s.replica_set";

  private static final String LIST = SETS + " order by s.replica_set, w.joined";

  private static final String FIND = SETS + " where s.replica_set = ? order by w.joined";

  private static final String LAST_POSITION = "select coalesce(max(position), 0) from rs_events";

  private static final String PROJECTIONS =
      "select c.projection, min(c.position), max(c.position),"
          + " greatest((select coalesce(max(position), 0) from rs_events) - min(c.position), 0),"
          + " (select count(*) from rs_parked p where p.replica_set = c.replica_set"
          + " and p.projection = c.projection)"
          + " from rs_checkpoints c where c.replica_set = ?"
          + " group by c.replica_set, c.projection order by c.projection";

  private static final String PARKED =
      "select position, stream_id, error, released, parked_at from rs_parked"
          + " where replica_set = ? and projection = ? order by position limit ?";

  private static final String RELEASE =
      "update rs_parked set released = true"
          + " where replica_set = ? and projection = ? and stream_id = ?";

  private static final String NEXT_GENERATION =
      "update rs_sets set generation = generation + 1, changed_at = clock_timestamp()"
          + " where replica_set = ?";

  private static final String RESET =
      "update rs_checkpoints set position = ? where replica_set = ? and projection = ?";

  private static final String FORGET_PARKED =
      "delete from rs_parked where replica_set = ? and projection = ?";

  private final Statements statements;

  public ReplicaSets(DataSource database) {
    statements = new Statements(database);
  }

  /**
   * @param partitions how many workers share the work
   * @param since when the generation began, by the clock of the database
   * @param workers in the order in which they joined
   */
  public record ReplicaSet(
      String name, long generation, int partitions, Instant since, List<Worker> workers) {
    public ReplicaSet {
      workers = List.copyOf(workers);
    }

    /** Whether each part of the work has a worker that works on it. */
    public boolean isComplete() {
      return partitions > 0
          && workers.stream().filter(worker -> worker.state() == WorkerState.RUNNING).count()
              == partitions;
    }
  }

  /**
   * @param partition what it has of the work; -1 while it waits
   * @param slots of its partition
   * @param silent since it was last heard of
   */
  public record Worker(
      String name, int partition, Slots slots, WorkerState state, Duration silent) {}

  /**
   * @param behind the position of its slowest slot
   * @param ahead that of its fastest
   * @param lag positions from its slowest slot to the last event
   * @param parked events that were put aside
   */
  public record ProjectionState(String name, long behind, long ahead, long lag, long parked) {}

  /**
   * An event that was put aside.
   *
   * @param error why; empty for one that only waits behind another of its stream
   */
  public record ParkedEvent(
      long position, String streamId, String error, boolean released, Instant parkedAt) {}

  /** All of them, by name. */
  public List<ReplicaSet> list() {
    return sets(statements.query(LIST, Row::of));
  }

  public Optional<ReplicaSet> find(String replicaSet) {
    return sets(statements.query(FIND, Row::of, replicaSet)).stream().findFirst();
  }

  private static List<ReplicaSet> sets(List<Row> rows) {
    Map<String, List<Row>> sets = new LinkedHashMap<>();
    for (Row row : rows) {
      sets.computeIfAbsent(row.replicaSet(), name -> new ArrayList<>()).add(row);
    }
    return sets.values().stream().map(Row::join).toList();
  }

  /** One worker with its set, or a set that has none. */
  private record Row(
      String replicaSet,
      long generation,
      int partitions,
      Instant since,
      @Nullable String worker,
      int partition,
      long ready,
      Duration heard,
      boolean silent) {

    static Row of(ResultSet row) throws SQLException {
      return new Row(
          row.getString(1),
          row.getLong(2),
          row.getInt(3),
          row.getTimestamp(4).toInstant(),
          row.getString(5),
          row.getInt(6),
          row.getLong(7),
          Duration.ofMillis(Math.max(0, row.getLong(8))),
          row.getBoolean(9));
    }

    static ReplicaSet join(List<Row> rows) {
      Row set = rows.getFirst();
      boolean allStopped = rows.stream().filter(Row::stopped).count() == set.partitions;
      List<Worker> workers = new ArrayList<>();
      for (Row row : rows) {
        if (row.worker != null) {
          workers.add(row.worker(row.worker, allStopped));
        }
      }
      return new ReplicaSet(set.replicaSet, set.generation, set.partitions, set.since, workers);
    }

    private boolean assigned() {
      return worker != null && partition >= 0 && partition < partitions;
    }

    private boolean stopped() {
      return assigned() && ready == generation;
    }

    private Worker worker(String name, boolean allStopped) {
      return new Worker(
          name,
          assigned() ? partition : -1,
          assigned() ? Slots.of(partition, partitions) : Slots.none(),
          WorkerState.of(silent, assigned(), stopped(), allStopped),
          heard);
    }
  }

  /** Of the last event that can be seen; 0 for none. */
  public long lastPosition() {
    return statements.query(LAST_POSITION, row -> row.getLong(1)).stream().findFirst().orElse(0L);
  }

  /** By name. */
  public List<ProjectionState> projections(String replicaSet) {
    return statements.query(
        PROJECTIONS,
        row ->
            new ProjectionState(
                row.getString(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5)),
        replicaSet);
  }

  /** The oldest events that a projection has put aside. */
  public List<ParkedEvent> parked(String replicaSet, String projection, int limit) {
    return statements.query(
        PARKED,
        row ->
            new ParkedEvent(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getBoolean(4),
                row.getTimestamp(5).toInstant()),
        replicaSet,
        projection,
        limit);
  }

  /**
   * Has the parked events of a stream handled, in order; later ones of the stream wait until then.
   *
   * @return how many
   */
  public int release(String replicaSet, String projection, String streamId) {
    return statements.change(
        "release stream " + streamId,
        connection -> update(connection, RELEASE, replicaSet, projection, streamId));
  }

  /**
   * Has a projection begin again behind a position; what it has parked is forgotten. All workers
   * stop and start for it, so that none moves the checkpoint meanwhile.
   *
   * @throws IllegalArgumentException when nobody has ever run this projection
   */
  public void reset(String replicaSet, String projection, long position) {
    if (position < 0) {
      throw new IllegalArgumentException("position must be at least 0, got " + position);
    }
    statements.change(
        "reset projection " + projection,
        connection -> {
          if (NextGeneration.lock(connection, replicaSet)) {
            NextGeneration.fence(connection, replicaSet);
          }
          update(connection, NEXT_GENERATION, replicaSet);
          update(connection, FORGET_PARKED, replicaSet, projection);
          int slots = update(connection, RESET, position, replicaSet, projection);
          if (slots == 0) {
            throw new IllegalArgumentException(
                "replica set %s has no projection %s".formatted(replicaSet, projection));
          }
          return slots;
        });
  }
}
