package org.osprey.coordinator.replica.event;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The notifications of one table of events. The channel carries the number of the table, so that
 * tables in several schemas of a database do not wake each other's readers.
 */
final class AppendChannel {
  private static final String NAME = "'rs_events_' || 'rs_events'::regclass::oid";
  private static final String SEND = "select pg_notify(" + NAME + ", '')";

  private AppendChannel() {}

  static void send(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(SEND);
    }
  }

  static void listen(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      String name;
      try (ResultSet row = statement.executeQuery("select " + NAME)) {
        row.next();
        name = row.getString(1);
      }
      statement.execute("listen " + name);
    }
  }

  /** Before a connection goes back to a pool. */
  static void unlisten(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("unlisten *");
    }
  }
}
