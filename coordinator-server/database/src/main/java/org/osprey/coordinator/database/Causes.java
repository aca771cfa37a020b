package org.osprey.coordinator.database;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Finds what the database said below what libraries wrap around it. */
final class Causes {
  private Causes() {}

  /** The innermost one: a pool's own says only that nothing was to be had. */
  static @Nullable SQLException sql(Throwable failure) {
    SQLException found = null;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && (found == null || sql.getSQLState() != null)) {
        found = sql;
      }
    }
    return found;
  }
}
