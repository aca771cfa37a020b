package org.osprey.coordinator.replica.event;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * What must be true of a database before anything can work there: faults that no repetition mends,
 * so that they are told once, and all of them.
 */
public final class Requirements {
  private static final String TABLE =
      "select to_regclass(?) is not null, has_table_privilege(to_regclass(?), ?)";

  /** Of SQL states: invalid authorization, and no such database. */
  private static final List<String> REFUSED = List.of("28", "3D");

  private final String what;
  private final Connection connection;
  private final List<String> faults = new ArrayList<>();

  private Requirements(String what, Connection connection) {
    this.what = what;
    this.connection = connection;
  }

  /** Asks for what is needed. */
  @FunctionalInterface
  public interface Questions {
    void ask(Requirements requirements) throws SQLException;
  }

  /**
   * @param what cannot work otherwise
   * @throws IllegalStateException naming every fault
   * @throws StoreException when the database cannot be asked, which may pass
   */
  public static void check(DataSource database, String what, Questions questions) {
    try (Connection connection = database.getConnection()) {
      Requirements requirements = new Requirements(what, connection);
      questions.ask(requirements);
      requirements.end();
    } catch (SQLException e) {
      String state = e.getSQLState();
      if (state != null && REFUSED.stream().anyMatch(state::startsWith)) {
        throw new IllegalStateException(
            "%s cannot use its database: %s".formatted(what, e.getMessage()), e);
      }
      throw new StoreException(what + " cannot ask its database", e);
    }
  }

  /** A table, and what may be done with it. */
  public void table(String name, String... privileges) throws SQLException {
    List<String> missing = new ArrayList<>();
    for (String privilege : privileges) {
      try (PreparedStatement query = connection.prepareStatement(TABLE)) {
        query.setString(1, name);
        query.setString(2, name);
        query.setString(3, privilege);
        try (ResultSet row = query.executeQuery()) {
          row.next();
          if (!row.getBoolean(1)) {
            faults.add(
                "table %s is not there: call migrate once, and have it on the search_path"
                    .formatted(name));
            return;
          }
          if (!row.getBoolean(2)) {
            missing.add(privilege);
          }
        }
      }
    }
    if (!missing.isEmpty()) {
      faults.add(
          "role %s wants %s on table %s"
              .formatted(connection.getMetaData().getUserName(), String.join(", ", missing), name));
    }
  }

  /**
   * @param sql answers with one number, or with no row when there is nothing to object to
   * @param fault says what is wrong, with a place for the number that was found
   */
  public void number(String sql, long wanted, String fault, Object... values) throws SQLException {
    if (!faults.isEmpty()) {
      return;
    }
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        query.setObject(i + 1, values[i]);
      }
      try (ResultSet row = query.executeQuery()) {
        if (row.next() && row.getLong(1) != wanted) {
          faults.add(fault.formatted(row.getLong(1)));
        }
      }
    }
  }

  private void end() {
    if (!faults.isEmpty()) {
      throw new IllegalStateException(
          "%s cannot run: %s".formatted(what, String.join("; ", faults)));
    }
  }
}
