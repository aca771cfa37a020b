package org.osprey.coordinator.replica.projection;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Statements that wait to be sent in one round trip. They are executed in the order in which they
 * came, so only those that follow each other with the same text go together. Belongs to the thread
 * of a projection's run.
 */
final class StatementQueue {
  /** Bounds what the driver keeps; by then a round trip is shared by enough. */
  private static final int MOST = 1_000;

  private String sql = "";
  private @Nullable PreparedStatement statement;
  private int waiting;

  /** Something that waited could not be executed: whose it was is not known. */
  private boolean failed;

  void add(Connection connection, String text, @Nullable Object[] values) throws SQLException {
    if (statement == null || !text.equals(sql)) {
      flush();
      statement = connection.prepareStatement(text);
      sql = text;
    }
    PreparedStatement used = statement;
    for (int i = 0; i < values.length; i++) {
      used.setObject(i + 1, values[i]);
    }
    used.addBatch();
    waiting++;
    if (waiting == MOST) {
      send(used);
    }
  }

  /** Sends what waits. */
  void flush() throws SQLException {
    PreparedStatement used = statement;
    if (used != null) {
      if (waiting > 0) {
        send(used);
      }
      statement = null;
      used.close();
    }
  }

  private void send(PreparedStatement used) throws SQLException {
    waiting = 0;
    try {
      used.executeBatch();
    } catch (BatchUpdateException e) {
      failed = true;
      SQLException reason = e.getNextException();
      // Without the values of the statement, which are nothing for a log.
      throw reason == null ? e : reason;
    } catch (SQLException e) {
      failed = true;
      throw e;
    }
  }

  boolean hasFailed() {
    return failed;
  }

  /** Forgets all, for the next transaction. */
  void clear() {
    waiting = 0;
    failed = false;
    PreparedStatement used = statement;
    statement = null;
    if (used != null) {
      try {
        used.close();
      } catch (SQLException e) {
        // Its transaction is over either way.
      }
    }
  }
}
