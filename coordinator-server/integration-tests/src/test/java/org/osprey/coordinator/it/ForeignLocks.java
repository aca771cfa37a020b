package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A program that locks a task and then its requests, where a coordinator that writes down the end
 * of a request does it the other way round.
 */
final class ForeignLocks {
  private static final String DEADLOCK = "40P01";
  private static final Duration LONGEST_HOLD = Duration.ofSeconds(2);

  /** So that the coordinator, which waits first, is the one that PostgreSQL ends. */
  private static final String PATIENT = "set local deadlock_timeout = '10s'";

  private static final String UNDER_WAY =
      "select task_id from tasks where status = 'IN_PROGRESS' limit 1 for update skip locked";

  private final TrackedRows rows;
  private long own;

  ForeignLocks(TrackedRows rows) {
    this.rows = rows;
  }

  /** Deadlocks that ended a transaction of the coordinator. */
  long deadlocks() {
    return rows.number("select deadlocks from pg_stat_database where datname = current_database()")
        - own;
  }

  /** Locks once; there may be a deadlock. */
  void lock() throws SQLException {
    try (Connection connection = rows.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(PATIENT);
      String task = string(statement, UNDER_WAY);
      if (task != null && isWaitedFor(string(statement, "select pg_backend_pid()"))) {
        statement.execute(
            "select id from service_requests where task_id = '%s' for update".formatted(task));
      }
      connection.commit();
    } catch (SQLException e) {
      if (!DEADLOCK.equals(e.getSQLState())) {
        throw e;
      }
      own++;
    }
  }

  private boolean isWaitedFor(@Nullable String pid) {
    String waiting =
        "select pid from pg_stat_activity where %s = any (pg_blocking_pids(pid))".formatted(pid);
    try {
      await()
          .atMost(LONGEST_HOLD)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> !rows.strings(waiting).isEmpty());
      return true;
    } catch (ConditionTimeoutException e) {
      return false;
    }
  }

  private static @Nullable String string(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      return rows.next() ? rows.getString(1) : null;
    }
  }
}
