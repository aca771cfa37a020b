package org.osprey.coordinator.replica;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.osprey.coordinator.replica.event.StoreException;
import org.osprey.coordinator.replica.jdbc.Sql;

/** Runs what operators ask for, each on a connection of its own. */
final class Statements {
  /** In a database that no worker has ever prepared. */
  private static final String NO_SUCH_TABLE = "42P01";

  private final DataSource database;

  Statements(DataSource database) {
    this.database = database;
  }

  /** Makes something of the row that the result stands at. */
  @FunctionalInterface
  interface Mapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  /**
   * @return nothing where the tables are missing
   */
  <T> List<T> query(String sql, Mapper<T> mapper, Object... values) {
    try (Connection connection = database.getConnection();
        PreparedStatement query = Sql.prepare(connection, sql, values);
        ResultSet row = query.executeQuery()) {
      List<T> found = new ArrayList<>();
      while (row.next()) {
        found.add(mapper.map(row));
      }
      return found;
    } catch (SQLException e) {
      if (NO_SUCH_TABLE.equals(e.getSQLState())) {
        return List.of();
      }
      throw new StoreException("could not look at replica sets", e);
    }
  }

  /** In one transaction. */
  int change(String what, Sql.Body<Integer> change) {
    try (Connection connection = database.getConnection()) {
      return Sql.inTransaction(connection, "", change);
    } catch (SQLException e) {
      throw new StoreException("could not " + what, e);
    }
  }
}
