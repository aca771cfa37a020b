package org.osprey.coordinator.database;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;

/** What differs between the two databases. */
sealed interface Engine permits SqliteEngine, PostgresEngine {

  /** The setting and its value without secrets, for people. */
  String place();

  /** Once before the first connection. May be repeated after a failure. */
  void claim() throws IOException;

  /** Once after the last connection; may be repeated. */
  void release();

  /** Connections of the writer. */
  DataSource writing();

  /** Connections that refuse to write. */
  DataSource reading();

  /** Of queries: the name of a constant of {@link java.sql.Connection}. */
  String isolation();

  /** Column types for the migrations, which call them {@code ${identity}} and {@code ${bytes}}. */
  Map<String, String> types();

  /** In SQL: the database's clock, in milliseconds since 1970. */
  String now();

  /** In SQL, at the end of a query for rows to change: those that others are changing left out. */
  String passingOverLocked();

  /** In SQL, at the end of a query: what it finds stays as it is until the commit. */
  String keepingFound();

  /** Whether other coordinators may use it at the same time. */
  boolean isShared();

  /**
   * Whether the surroundings are to blame and trying again may help: a lost connection, a full
   * disk, a conflict with others.
   */
  boolean isPassing(SQLException failure);

  /** Whether it is only that others were quicker, which is no trouble. */
  boolean isConflict(SQLException failure);

  /** What is wrong, in words that stay the same while it is. */
  String explain(SQLException failure);

  static Engine of(DatabaseSettings settings) {
    // No switch over types: its first use costs a start some twenty milliseconds.
    DatabaseUrl address = settings.address();
    return address instanceof DatabaseUrl.Postgres postgres
        ? new PostgresEngine(postgres, settings)
        : new SqliteEngine((DatabaseUrl.Sqlite) address, settings.busyTimeout());
  }
}
