package org.osprey.coordinator.it;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is stored, seen past the coordinator.
 *
 * @param url for JDBC
 */
record TrackedRows(String url, String user, String password) {

  Connection connect() {
    try {
      return DriverManager.getConnection(url, user, password);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** The first column. */
  Set<String> strings(String query) {
    Set<String> found = new HashSet<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    } catch (SQLException e) {
      throw new AssertionError(query, e);
    }
  }

  void execute(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  Set<Long> numbers(String query) {
    return strings(query).stream().map(Long::parseUnsignedLong).collect(Collectors.toSet());
  }

  /** The only row's only number. */
  long number(String query) {
    return numbers(query).iterator().next();
  }
}
