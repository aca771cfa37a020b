package org.osprey.coordinator.database;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** SQLite in a file that this process has for itself. */
final class SqliteEngine implements Engine {
  /** What a burst leaves behind of the write-ahead log. */
  private static final int LOG_BYTES = 64 << 20;

  private static final Set<SQLiteErrorCode> PASSING =
      EnumSet.of(
          SQLiteErrorCode.SQLITE_BUSY,
          SQLiteErrorCode.SQLITE_LOCKED,
          SQLiteErrorCode.SQLITE_FULL,
          SQLiteErrorCode.SQLITE_IOERR,
          SQLiteErrorCode.SQLITE_CANTOPEN,
          SQLiteErrorCode.SQLITE_READONLY,
          SQLiteErrorCode.SQLITE_PROTOCOL,
          SQLiteErrorCode.SQLITE_CORRUPT,
          SQLiteErrorCode.SQLITE_NOTADB,
          SQLiteErrorCode.SQLITE_NOMEM);

  private final DatabaseUrl.Sqlite url;
  private final Duration busyTimeout;
  private final FileClaim claim;

  SqliteEngine(DatabaseUrl.Sqlite url, Duration busyTimeout) {
    this.url = url;
    this.busyTimeout = busyTimeout;
    claim = new FileClaim(url.file());
  }

  @Override
  public String place() {
    return url.place();
  }

  @Override
  public void claim() throws IOException {
    claim.take();
    NativeLibrary.unpackBeside(url.file());
  }

  @Override
  public void release() {
    claim.giveBack();
  }

  /** A transaction takes the lock when it begins: waiting for it later would be a deadlock. */
  @Override
  public DataSource writing() {
    SQLiteConfig config = config();
    config.setJournalMode(JournalMode.WAL);
    // Only so is a commit safe from a power cut.
    config.setSynchronous(SynchronousMode.FULL);
    config.setJournalSizeLimit(LOG_BYTES);
    config.setTransactionMode(TransactionMode.IMMEDIATE);
    return source(config);
  }

  @Override
  public DataSource reading() {
    SQLiteConfig config = config();
    config.setReadOnly(true);
    return source(config);
  }

  @Override
  public String isolation() {
    return "TRANSACTION_SERIALIZABLE";
  }

  @Override
  public Map<String, String> types() {
    return Map.of("identity", "integer primary key autoincrement", "bytes", "blob");
  }

  @Override
  public String now() {
    return "cast(unixepoch('now', 'subsec') * 1000 as integer)";
  }

  @Override
  public String passingOverLocked() {
    return "";
  }

  /** Nobody else writes while a transaction of the writer is open. */
  @Override
  public String keepingFound() {
    return "";
  }

  @Override
  public boolean isShared() {
    return false;
  }

  @Override
  public boolean isPassing(SQLException failure) {
    return PASSING.contains(code(failure));
  }

  /** There are no others. */
  @Override
  public boolean isConflict(SQLException failure) {
    return false;
  }

  @Override
  public String explain(SQLException failure) {
    return place()
        + switch (code(failure)) {
          case SQLITE_NOTADB -> ": the file is no database";
          case SQLITE_CORRUPT -> ": the file is damaged";
          case SQLITE_CANTOPEN -> ": the file cannot be opened; look at the permissions";
          case SQLITE_READONLY -> ": the file may not be written; look at the permissions";
          case SQLITE_PERM, SQLITE_AUTH -> ": no permission";
          case SQLITE_FULL -> ": disk is full";
          case SQLITE_IOERR -> ": reading or writing the file failed";
          case SQLITE_BUSY, SQLITE_LOCKED -> ": another program keeps it locked";
          default -> ": " + failure.getMessage();
        };
  }

  /** The plain code; those of the driver are finer. */
  private static SQLiteErrorCode code(SQLException failure) {
    return failure instanceof SQLiteException sqlite
        ? SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & 0xff)
        : SQLiteErrorCode.UNKNOWN_ERROR;
  }

  private SQLiteConfig config() {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(Math.toIntExact(busyTimeout.toMillis()));
    config.enforceForeignKeys(true);
    return config;
  }

  private DataSource source(SQLiteConfig config) {
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + url.file());
    return source;
  }
}
