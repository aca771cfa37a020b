package org.osprey.coordinator.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.DeadLetter.Undecoded;

/** A row of the table of submissions. */
sealed interface StoredSubmission {
  long id();

  /** One that can be handled. */
  record Good(long id, Action action) implements StoredSubmission {}

  /**
   * One that somebody else wrote or changed.
   *
   * @param error what is wrong with it, without contents
   */
  record Broken(long id, Undecoded content, String error) implements StoredSubmission {}

  static StoredSubmission read(ResultSet row, @Nullable StatementContext context)
      throws SQLException {
    long id = row.getLong("id");
    try {
      return new Good(id, ActionColumns.read(row));
    } catch (IllegalArgumentException | DateTimeException | NullPointerException e) {
      return new Broken(
          id,
          new Undecoded(
              null,
              ActionColumns.data(row),
              Map.of(),
              Instant.ofEpochMilli(row.getLong("submitted_at"))),
          "row cannot be read: " + e.getClass().getSimpleName());
    }
  }
}
