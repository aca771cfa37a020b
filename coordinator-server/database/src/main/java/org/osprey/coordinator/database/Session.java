package org.osprey.coordinator.database;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * What is open of the database. Opening brings the tables up to date the first time; after a
 * failure only the writer's connection is opened again. For the writer's thread, but for {@link
 * #readers}.
 */
final class Session implements AutoCloseable {
  private static final int PROBE_SECONDS = 5;

  private final Engine engine;
  private final Migrations migrations;
  private final DatabaseSettings settings;
  private final Jdbi writing;

  private @Nullable Handle writer;
  private volatile @Nullable Readers readers;

  Session(Engine engine, Migrations migrations, DatabaseSettings settings) {
    this.engine = engine;
    this.migrations = migrations;
    this.settings = settings;
    writing = Jdbi.create(engine.writing());
  }

  boolean isOpen() {
    return writer != null;
  }

  /** Any thread; null until it was open once. */
  @Nullable Readers readers() {
    return readers;
  }

  /**
   * @return the writer's connection, opened when it is not
   * @throws IOException when the file is not to be had
   */
  Handle open() throws IOException {
    if (writer != null) {
      return writer;
    }
    engine.claim();
    Handle opened = writing.open();
    try {
      prepare();
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
    writer = opened;
    return opened;
  }

  /** Whether the connection still answers. */
  boolean answers() throws SQLException {
    return writer != null && writer.getConnection().isValid(PROBE_SECONDS);
  }

  /** Forgets the writer's connection, with what was not committed. */
  void drop() {
    Handle dropped = writer;
    writer = null;
    if (dropped != null) {
      closeQuietly(dropped.getConnection());
    }
  }

  @Override
  public void close() {
    Readers pool = readers;
    if (pool != null) {
      pool.close();
    }
    drop();
    engine.release();
  }

  /** The connection, because a handle complains about an open transaction. */
  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // It is given up either way.
    }
  }

  private void prepare() {
    if (readers == null) {
      migrations.run(engine.writing(), engine.types());
      readers = Readers.open(engine, settings);
    }
  }
}
