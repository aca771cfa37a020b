package org.osprey.coordinator.replica.projection;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.replica.jdbc.Sql;

/**
 * Transactions that hold up nobody for long if the worker is stopped in the middle of one. They
 * share a connection for as long as it goes well, until it is given back. Belongs to one thread.
 */
final class Transactions {
  private final DataSource database;
  private final String bound;
  private @Nullable Connection connection;

  /** What a transaction does. */
  @FunctionalInterface
  interface Body<T> {
    T run(Connection connection) throws Exception;
  }

  /**
   * @param idle the server ends a transaction that does nothing for so long
   */
  Transactions(DataSource database, Duration idle) {
    this.database = database;
    bound = "set local idle_in_transaction_session_timeout = " + idle.toMillis();
  }

  <T> T run(Body<T> body) throws Exception {
    Connection used = connection == null ? database.getConnection() : connection;
    connection = used;
    boolean committed = false;
    try {
      used.setAutoCommit(false);
      try (Statement statement = used.createStatement()) {
        statement.execute(bound);
      }
      T result = body.run(used);
      used.commit();
      used.setAutoCommit(true);
      committed = true;
      return result;
    } finally {
      if (!committed) {
        Sql.rollBack(used);
        giveBack();
      }
    }
  }

  /** Before there is nothing to do for a while. */
  void giveBack() {
    Connection used = connection;
    connection = null;
    Sql.close(used);
  }
}
