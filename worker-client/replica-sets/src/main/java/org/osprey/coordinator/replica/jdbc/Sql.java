package org.osprey.coordinator.replica.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** Statements, transactions and connections. */
public final class Sql {
  private Sql() {}

  /** What a transaction does. */
  @FunctionalInterface
  public interface Body<T> {
    T run(Connection connection) throws SQLException;
  }

  /** The caller closes it. */
  public static PreparedStatement prepare(Connection connection, String sql, Object... values)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
    return statement;
  }

  /**
   * @return how many rows it changed
   */
  public static int update(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql, values)) {
      return statement.executeUpdate();
    }
  }

  /**
   * Commits what the body does, or rolls it back when that throws.
   *
   * @param bounds {@code set local} statements that hold for it; empty for none
   */
  public static <T> T inTransaction(Connection connection, String bounds, Body<T> body)
      throws SQLException {
    connection.setAutoCommit(false);
    boolean committed = false;
    try {
      if (!bounds.isEmpty()) {
        try (Statement statement = connection.createStatement()) {
          statement.execute(bounds);
        }
      }
      T result = body.run(connection);
      connection.commit();
      committed = true;
      return result;
    } finally {
      if (committed) {
        connection.setAutoCommit(true);
      } else {
        rollBack(connection);
      }
    }
  }

  /** After a failure, which says more than what goes wrong here. */
  public static void rollBack(Connection connection) {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      // It is of no use any more either way.
    }
  }

  /** Gives a connection up. */
  public static void close(@Nullable Connection connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        // It is given up either way.
      }
    }
  }
}
