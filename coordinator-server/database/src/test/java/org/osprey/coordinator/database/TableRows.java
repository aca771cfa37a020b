package org.osprey.coordinator.database;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All rows of an embedded database, but for what differs each time: times and tokens. */
final class TableRows {
  private static final String TABLES =
      """
      select name from sqlite_master
      where type = 'table' and name not like 'sqlite_%' and name not like 'migrations_of_%'
      order by name
      """;

  private TableRows() {}

  /** Reads them, after whatever recovery the file needs. */
  static List<String> of(Path file) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      for (String table : strings(connection, TABLES)) {
        add(connection, table, rows);
      }
      assertEquals(List.of("ok"), strings(connection, "pragma integrity_check"));
      assertEquals(List.of(), strings(connection, "pragma foreign_key_check"));
    }
    return rows;
  }

  private static List<String> strings(Connection connection, String query) throws SQLException {
    List<String> strings = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      while (result.next()) {
        strings.add(result.getString(1));
      }
    }
    return strings;
  }

  private static void add(Connection connection, String table, List<String> rows)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("select * from " + table + " order by 1")) {
      while (result.next()) {
        rows.add(table + row(result));
      }
    }
  }

  private static String row(ResultSet result) throws SQLException {
    ResultSetMetaData columns = result.getMetaData();
    StringBuilder row = new StringBuilder();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      String column = columns.getColumnName(i);
      if (!column.endsWith("_at") && !column.endsWith("_until") && !column.equals("token")) {
        row.append(' ').append(column).append('=').append(text(result.getObject(i)));
      }
    }
    return row.toString();
  }

  private static String text(@Nullable Object value) {
    return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(value);
  }
}
