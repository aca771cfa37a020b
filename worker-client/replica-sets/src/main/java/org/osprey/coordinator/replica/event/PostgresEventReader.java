package org.osprey.coordinator.replica.event;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.replica.jdbc.Sql;

/**
 * Reads events in PostgreSQL. A position that is missing may belong to a transaction that is not
 * committed yet. Whoever can still fill it holds a lock on the table since before it had its
 * position, and until the event can be seen; so when all those who held one after a later event was
 * seen have let go of it, what is still missing stays missing. No clock decides.
 */
final class PostgresEventReader implements EventReader {
  /** Positions that are looked at in one query. */
  private static final int PAGE = 10_000;

  /** Positions only rise, so those that follow the horizon without a hole are the first ones. */
  private static final String LOOK =
      "select max(position) filter (where position = ? + number), max(position),"
          + " (select max(position) from rs_events)"
          + " from (select position, row_number() over (order by position) as number"
          + " from rs_events where position > ? order by position limit "
          + PAGE
          + ") page";

  private static final String WRITERS =
      "select l.virtualtransaction, coalesce(a.pid::text, 'prepared transaction') from pg_locks l"
          + " left join pg_stat_activity a on a.pid = l.pid"
          + " where l.relation = 'rs_events'::regclass and l.mode = 'RowExclusiveLock' and l.granted"
          + " and l.database = (select oid from pg_database where datname = current_database())";

  private static final String IN_RECOVERY = "select pg_is_in_recovery()";

  private static final String COUNT =
      "select count(*) from rs_events where position > ? and position <= ?";

  /** A bit for each slot: a list would be walked through for every row. */
  private static final String READ =
      EventRows.SELECT
          + " where position > ? and position <= ? and (? >> slot) & 1 <> 0"
          + " order by position limit ?";

  private final DataSource database;
  private final LongSupplier nanos;
  private @Nullable Connection connection;
  private long horizon;
  private long last;
  private long dead;
  private @Nullable Hole hole;

  /** Positions are missing between the horizon and an event that was seen. */
  private static final class Hole {
    private final long edge;
    private final long since;

    /** By virtual transaction, with its process. */
    private final Map<String, String> writers;

    private Hole(long edge, long since, Map<String, String> writers) {
      this.edge = edge;
      this.since = since;
      this.writers = writers;
    }
  }

  PostgresEventReader(DataSource database, long after, LongSupplier nanos) {
    this.database = database;
    this.nanos = nanos;
    horizon = after;
  }

  @Override
  public long horizon() {
    try {
      Connection used = connection();
      long enough = horizon + PAGE;
      long seen = look(used);
      while (seen > horizon && horizon < enough && passes(used, seen)) {
        seen = look(used);
      }
      if (seen == horizon) {
        hole = null;
      }
      return horizon;
    } catch (SQLException e) {
      throw broken("look how far events can be read", e);
    }
  }

  /**
   * @param seen the greatest position there is
   * @return whether the horizon has passed a hole
   */
  private boolean passes(Connection used, long seen) throws SQLException {
    Hole open = hole;
    if (open == null || horizon >= open.edge) {
      // Asked after the edge was seen, so whoever can fill a hole below it is among them. As far as
      // can be, so that many holes cost one wait.
      open = new Hole(Math.max(seen, last), nanos.getAsLong(), writers(used));
      hole = open;
    } else {
      open.writers.keySet().retainAll(writers(used).keySet());
    }
    if (!open.writers.isEmpty()) {
      return false;
    }
    dead += open.edge - horizon - count(used, open.edge);
    horizon = open.edge;
    hole = null;
    return true;
  }

  /**
   * Moves the horizon over positions that follow each other.
   *
   * @return the greatest position that was looked at
   */
  private long look(Connection used) throws SQLException {
    try (PreparedStatement query = used.prepareStatement(LOOK)) {
      query.setLong(1, horizon);
      query.setLong(2, horizon);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        // Null, which is zero here, when there are none.
        horizon = Math.max(horizon, row.getLong(1));
        last = Math.max(last, row.getLong(3));
        return Math.max(horizon, row.getLong(2));
      }
    }
  }

  private static Map<String, String> writers(Connection used) throws SQLException {
    Map<String, String> writers = new LinkedHashMap<>();
    try (PreparedStatement query = used.prepareStatement(WRITERS);
        ResultSet result = query.executeQuery()) {
      while (result.next()) {
        writers.put(result.getString(1), result.getString(2));
      }
    }
    return writers;
  }

  private long count(Connection used, long edge) throws SQLException {
    try (PreparedStatement query = used.prepareStatement(COUNT)) {
      query.setLong(1, horizon);
      query.setLong(2, edge);
      try (ResultSet result = query.executeQuery()) {
        result.next();
        return result.getLong(1);
      }
    }
  }

  @Override
  public List<PersistedEvent> read(long after, int limit, Slots slots) {
    if (after >= horizon) {
      return List.of();
    }
    try {
      Connection used = connection();
      try (PreparedStatement query = used.prepareStatement(READ)) {
        query.setLong(1, after);
        query.setLong(2, horizon);
        query.setLong(3, slots.bits());
        query.setInt(4, limit);
        return EventRows.read(query);
      }
    } catch (SQLException e) {
      throw broken("read events behind position " + after, e);
    }
  }

  @Override
  public long last() {
    return last;
  }

  @Override
  public @Nullable Gap gap() {
    Hole open = hole;
    return open == null
        ? null
        : new Gap(
            horizon + 1,
            Duration.ofNanos(nanos.getAsLong() - open.since),
            List.copyOf(open.writers.values()));
  }

  @Override
  public long deadPositions() {
    return dead;
  }

  @Override
  public void close() {
    Connection used = connection;
    connection = null;
    Sql.close(used);
  }

  private Connection connection() throws SQLException {
    Connection used = connection;
    if (used == null) {
      used = database.getConnection();
      refuseReplica(used);
      connection = used;
    }
    return used;
  }

  /** The locks of writers can be seen where they write and nowhere else. */
  private static void refuseReplica(Connection used) throws SQLException {
    try (PreparedStatement query = used.prepareStatement(IN_RECOVERY);
        ResultSet row = query.executeQuery()) {
      if (row.next() && row.getBoolean(1)) {
        used.close();
        throw new SQLException("events must be read from the primary server, got a standby");
      }
    }
  }

  /** The next call begins anew; transactions of a server that was restarted have other names. */
  private StoreException broken(String what, SQLException cause) {
    close();
    hole = null;
    return new StoreException("could not " + what, cause);
  }
}
