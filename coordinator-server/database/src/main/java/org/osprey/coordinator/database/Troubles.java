package org.osprey.coordinator.database;

import com.google.errorprone.annotations.ThreadSafe;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Outage;

/** What is wrong with the database now, in the words of our settings. */
@ThreadSafe
final class Troubles {
  private final String place;

  @SuppressWarnings("ThreadSafe") // its questions touch nothing that changes
  private final Engine engine;

  private final Outage outage = new Outage("database");
  private volatile @Nullable Throwable cause;

  Troubles(Engine engine) {
    this.engine = engine;
    place = engine.place();
  }

  void found(Throwable failure) {
    if (isConflict(failure)) {
      return;
    }
    cause = failure;
    outage.report(explain(failure));
  }

  void over() {
    cause = null;
    outage.report(null);
  }

  /** Null for nothing. */
  @Nullable String now() {
    return outage.trouble();
  }

  /** What is wrong, or else the given words about the place. */
  String now(String otherwise) {
    String trouble = outage.trouble();
    return trouble != null ? trouble : place + ": " + otherwise;
  }

  @Nullable Throwable cause() {
    return cause;
  }

  boolean isPassing(Throwable failure) {
    SQLException sql = Causes.sql(failure);
    return failure instanceof IOException || (sql != null && engine.isPassing(sql));
  }

  /** Whether it is only that others were quicker, which may happen to the same work many times. */
  boolean isConflict(Throwable failure) {
    SQLException sql = Causes.sql(failure);
    return sql != null && engine.isConflict(sql);
  }

  /** Says something for every failure. */
  String explain(Throwable failure) {
    SQLException sql = Causes.sql(failure);
    if (sql != null) {
      return engine.explain(sql);
    }
    return place
        + ": "
        + switch (failure) {
          case AccessDeniedException e -> "no permission for " + e.getFile();
          case FileSystemException e -> "cannot make " + e.getFile() + reason(e);
          case Migrations.ForeignTableException e -> e.getMessage();
          case FlywayException e -> "migration failed: " + firstLine(e);
          case IOException e -> firstLine(e);
          default -> failure.toString();
        };
  }

  private static String reason(FileSystemException failure) {
    String reason = failure.getReason();
    return reason == null ? " (" + failure.getClass().getSimpleName() + ")" : ": " + reason;
  }

  private static String firstLine(Throwable failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }
}
