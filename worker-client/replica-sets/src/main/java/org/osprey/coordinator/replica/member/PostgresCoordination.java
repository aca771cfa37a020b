package org.osprey.coordinator.replica.member;

import static org.osprey.coordinator.replica.jdbc.Sql.prepare;
import static org.osprey.coordinator.replica.jdbc.Sql.update;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.osprey.coordinator.replica.event.Requirements;
import org.osprey.coordinator.replica.event.Slots;
import org.osprey.coordinator.replica.event.StoreException;
import org.osprey.coordinator.replica.jdbc.Sql;

/**
 * Members and generations in PostgreSQL, in the tables {@code rs_sets} and {@code rs_workers}. Only
 * the clock of the database counts.
 */
final class PostgresCoordination implements Coordination {
  /**
   * It waits so long for a batch that is at its commit, and is tried again then. A worker that is
   * stopped in the middle of a transaction here would hold up all others: the server ends it.
   */
  private static final String BOUNDS =
      "set local lock_timeout = '2s'; set local idle_in_transaction_session_timeout = '2s'";

  private static final String ADD_SET =
      "insert into rs_sets (replica_set, slots) values (?, ?) on conflict do nothing";

  private static final String SLOTS = "select slots from rs_sets where replica_set = ?";

  private static final String ADD_WORKER =
      "insert into rs_workers (replica_set, worker, stale)"
          + " values (?, ?, make_interval(secs => ?)) on conflict (replica_set, worker)"
          + " do update set heartbeat = clock_timestamp(), stale = excluded.stale";

  private static final String BEAT =
      "update rs_workers set heartbeat = clock_timestamp() where replica_set = ? and worker = ?";

  private static final String KNOWN =
      "select 1 from rs_workers where replica_set = ? and worker = ?";

  private static final String READY =
      "update rs_workers set ready = ? where replica_set = ? and worker = ?";

  private static final String LOOK =
      "select s.generation, s.partitions, w.worker, w.partition, w.ready,"
          + " w.heartbeat > clock_timestamp() - make_interval(secs => ?)"
          + " from rs_sets s left join rs_workers w on w.replica_set = s.replica_set"
          + " where s.replica_set = ? order by w.joined";

  private static final String BURY =
      "delete from rs_workers where replica_set = ?"
          + " and heartbeat <= clock_timestamp() - make_interval(secs => ?)";

  private static final String DIVIDE =
      "update rs_workers w set partition = case when n.number < ? then n.number else -1 end from"
          + " (select worker, row_number() over (order by joined) - 1 as number"
          + " from rs_workers where replica_set = ?) n"
          + " where w.replica_set = ? and w.worker = n.worker";

  private static final String BEGIN =
      "update rs_sets set generation = generation + 1, changed_at = clock_timestamp(),"
          + " partitions = (select count(*) from rs_workers w"
          + " where w.replica_set = rs_sets.replica_set and w.partition >= 0)"
          + " where replica_set = ?";

  private static final String EXPEL =
      "delete from rs_workers w using rs_sets s where s.replica_set = w.replica_set"
          + " and w.replica_set = ? and w.worker = ? and s.generation = ? and w.ready <> ?";

  private static final String LEAVE = "delete from rs_workers where replica_set = ? and worker = ?";

  private final DataSource database;
  private final String replicaSet;
  private final double staleSeconds;

  PostgresCoordination(DataSource database, String replicaSet, Duration stale) {
    this.database = database;
    this.replicaSet = replicaSet;
    staleSeconds = stale.toMillis() / 1_000.0;
  }

  @Override
  public void check() {
    Requirements.check(
        database,
        "replica set " + replicaSet,
        needed -> {
          needed.table("rs_sets", "SELECT", "INSERT", "UPDATE");
          needed.table("rs_workers", "SELECT", "INSERT", "UPDATE", "DELETE");
          needed.table("rs_checkpoints", "SELECT", "INSERT", "UPDATE");
          needed.table("rs_parked", "SELECT", "INSERT", "UPDATE", "DELETE");
          needed.number(
              SLOTS,
              Slots.COUNT,
              "it was made with %d slots, want " + Slots.COUNT + ": they cannot be changed",
              replicaSet);
        });
  }

  @Override
  public void join(String worker) {
    inTransaction(
        "join",
        connection -> {
          update(connection, ADD_SET, replicaSet, Slots.COUNT);
          return update(connection, ADD_WORKER, replicaSet, worker, staleSeconds);
        });
  }

  @Override
  public boolean heartbeat(String worker, boolean progressing) {
    return call(
        "heartbeat",
        connection -> {
          if (progressing) {
            return update(connection, BEAT, replicaSet, worker) > 0;
          }
          try (PreparedStatement query = prepare(connection, KNOWN, replicaSet, worker);
              ResultSet row = query.executeQuery()) {
            return row.next();
          }
        });
  }

  @Override
  public void ready(String worker, long generation) {
    call("become ready", connection -> update(connection, READY, generation, replicaSet, worker));
  }

  @Override
  public Membership look() {
    return call("look at its members", this::look);
  }

  private Membership look(Connection connection) throws SQLException {
    long generation = 0;
    int partitions = 0;
    List<Membership.Row> rows = new ArrayList<>();
    try (PreparedStatement query = prepare(connection, LOOK, staleSeconds, replicaSet);
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        generation = row.getLong(1);
        partitions = row.getInt(2);
        String worker = row.getString(3);
        if (worker != null) {
          rows.add(new Membership.Row(worker, row.getInt(4), row.getLong(5), row.getBoolean(6)));
        }
      }
    }
    return new Membership(generation, partitions, rows);
  }

  @Override
  public boolean renew() {
    return inTransaction(
        "divide its work",
        connection -> {
          if (!NextGeneration.lock(connection, replicaSet) || !look(connection).isOutdated()) {
            return false;
          }
          // First, because it may wait: nobody's heartbeat waits for it then.
          NextGeneration.fence(connection, replicaSet);
          update(connection, BURY, replicaSet, staleSeconds);
          update(connection, DIVIDE, Slots.COUNT, replicaSet, replicaSet);
          update(connection, BEGIN, replicaSet);
          return true;
        });
  }

  @Override
  public void expel(String worker, long generation) {
    call(
        "expel a member",
        connection -> update(connection, EXPEL, replicaSet, worker, generation, generation));
  }

  @Override
  public void leave(String worker) {
    call("leave", connection -> update(connection, LEAVE, replicaSet, worker));
  }

  /** For a single statement. */
  private <T> T call(String what, Sql.Body<T> call) {
    try (Connection connection = database.getConnection()) {
      return call.run(connection);
    } catch (SQLException e) {
      throw new StoreException("replica set %s could not %s".formatted(replicaSet, what), e);
    }
  }

  private <T> T inTransaction(String what, Sql.Body<T> body) {
    return call(what, connection -> Sql.inTransaction(connection, BOUNDS, body));
  }
}
