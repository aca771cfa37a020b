package org.osprey.coordinator.replica.faults;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.core.ConditionTimeoutException;
import org.osprey.coordinator.replica.projection.Effects;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Workers of one replica set, seen from outside: what counts is what is in the database. Everything
 * that the table of checkpoints goes through is written down by triggers.
 */
final class WorkerGroup implements AutoCloseable {
  static final String REPLICA_SET = "faults";
  static final String PROJECTION = "effects";

  private static final Duration LOOK = Duration.ofMillis(20);

  private static final List<String> AUDIT =
      List.of(
          "create table moves (seq bigserial, slot int, position bigint)",
          "create function audit_move() returns trigger language plpgsql as $$ begin"
              + " insert into moves (slot, position) values (new.slot, new.position);"
              + " return null; end $$",
          "create trigger audit_move after update on rs_checkpoints for each row"
              + " when (new.position <> old.position) execute function audit_move()",
          // At the commit of an effect: whoever did it must have been the owner of its slot.
          "create table trespasses (position bigint, generation bigint, owner bigint)",
          "create function audit_effect() returns trigger language plpgsql as $$"
              + " declare owner bigint := (select generation from rs_checkpoints c"
              + " where c.replica_set = '"
              + REPLICA_SET
              + "' and c.projection = new.projection and c.slot = new.slot); begin"
              + " if new.generation <> owner then"
              + " insert into trespasses values (new.position, new.generation, owner); end if;"
              + " return null; end $$",
          "create constraint trigger audit_effect after insert on effects"
              + " deferrable initially deferred for each row execute function audit_effect()");

  private static final String ALL_RUN =
      "select s.partitions = ? and s.partitions = (select count(*) from rs_workers w"
          + " where w.partition >= 0 and w.ready = s.generation) from rs_sets s";

  private static final String REACHED =
      "select count(*) = 64 and min(position) >= ? from rs_checkpoints";

  private static final String STEPS_BACK =
      "select count(*) from (select position, lag(position) over"
          + " (partition by slot order by seq) as before from moves) m where position <= before";

  private final PGSimpleDataSource database;
  private final WorkerProcess.Settings settings;
  private final Effects effects = new Effects(PROJECTION);
  private final List<WorkerProcess> workers = new ArrayList<>();

  /**
   * @param database with our tables, and nothing in them
   */
  WorkerGroup(PGSimpleDataSource database, WorkerProcess.Settings settings) throws SQLException {
    this.database = database;
    this.settings = settings;
    Effects.createTable(database);
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : AUDIT) {
        statement.execute(sql);
      }
    }
  }

  WorkerProcess start(String name) {
    return start(name, settings);
  }

  WorkerProcess start(String name, WorkerProcess.Settings own) {
    WorkerProcess worker = WorkerProcess.start(name, database, own);
    workers.add(worker);
    return worker;
  }

  /** Until so many share the work, and no others. */
  void awaitRunning(int count) {
    await("workers").until(() -> is(ALL_RUN, count));
  }

  /**
   * Until everything is handled that is there now.
   *
   * @return how long it took
   */
  Duration awaitHandled() {
    long last = number("select coalesce(max(position), 0) from rs_events");
    try {
      return timed(() -> is(REACHED, last));
    } catch (ConditionTimeoutException e) {
      workers.forEach(WorkerProcess::dump);
      throw new AssertionError("not all is handled up to " + last + ": " + state(), e);
    }
  }

  /**
   * Until something is true.
   *
   * @return how long it took
   */
  static Duration timed(Callable<Boolean> condition) {
    long began = System.nanoTime();
    await().atMost(Duration.ofMinutes(3)).pollInterval(LOOK).until(condition);
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private List<String> state() {
    return strings(
        "select 'set ' || s::text from rs_sets s union all select 'worker ' || w::text from rs_workers w"
            + " union all select 'slots at ' || position || ': ' || count(*) || ' of generation '"
            + " || generation from rs_checkpoints group by position, generation"
            + " union all select 'session ' || coalesce(state, '') || ' ' || coalesce(wait_event, '') || ' '"
            + " || query from pg_stat_activity where datname = current_database()");
  }

  private List<String> strings(String sql) {
    List<String> found = new ArrayList<>();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        found.add(row.getString(1));
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  long generation() {
    return number("select coalesce(max(generation), 0) from rs_sets");
  }

  private boolean is(String sql, long value) {
    return number("select case when (" + sql + ") then 1 else 0 end", value) == 1;
  }

  /** The first column of the first row. */
  long number(String sql, Object... values) {
    try (Connection connection = database.getConnection();
        PreparedStatement query = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        query.setObject(i + 1, values[i]);
      }
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Each event once, in order, by the owner of its slot, and no checkpoint ever went back. */
  void check() throws SQLException {
    assertEquals(0, number("select count(*) from trespasses"), "commits of older generations");
    assertEquals(0, number(STEPS_BACK), "checkpoints that went back");
    effects.check(database, number("select count(*) from rs_events"));
  }

  @Override
  public void close() {
    workers.forEach(WorkerProcess::close);
  }
}
