package org.osprey.coordinator.database;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/** PostgreSQL, which several coordinators may share. */
final class PostgresEngine implements Engine {
  static final String ISOLATION = "TRANSACTION_READ_COMMITTED";

  private static final Map<PGProperty, String> DEFAULTS =
      Map.of(
          PGProperty.CONNECT_TIMEOUT, "5",
          PGProperty.LOGIN_TIMEOUT, "5",
          // A server that is gone without a word is noticed after so many seconds.
          PGProperty.SOCKET_TIMEOUT, "60",
          PGProperty.TCP_KEEP_ALIVE, "true",
          PGProperty.APPLICATION_NAME, "coordinator",
          // Details of an error repeat the values of a row, and errors are logged.
          PGProperty.LOG_SERVER_ERROR_DETAIL, "false");

  /** A serialization failure, a deadlock. */
  private static final Set<String> CONFLICTS = Set.of("40001", "40P01");

  /**
   * How states begin that come from the surroundings: connection lost, no resources, operator
   * intervention, I/O, a standby that is no primary yet or no more.
   */
  private static final List<String> PASSING = List.of("08", "53", "57P", "58", "25006");

  private final DatabaseUrl.Postgres url;
  private final DatabaseSettings settings;

  PostgresEngine(DatabaseUrl.Postgres url, DatabaseSettings settings) {
    this.url = url;
    this.settings = settings;
  }

  @Override
  public String place() {
    return url.place();
  }

  @Override
  public void claim() {}

  @Override
  public void release() {}

  @Override
  public DataSource writing() {
    return source();
  }

  @Override
  public DataSource reading() {
    PGSimpleDataSource source = source();
    source.setReadOnly(true);
    // Without this only explicit transactions would refuse to write.
    source.setReadOnlyMode("always");
    return source;
  }

  @Override
  public String isolation() {
    return ISOLATION;
  }

  @Override
  public Map<String, String> types() {
    return Map.of(
        "identity", "bigint generated always as identity primary key",
        "bytes", "bytea");
  }

  @Override
  public String now() {
    return "cast(extract(epoch from clock_timestamp()) * 1000 as bigint)";
  }

  @Override
  public String passingOverLocked() {
    return "for update skip locked";
  }

  @Override
  public String keepingFound() {
    return "for share";
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public boolean isPassing(SQLException failure) {
    return isConflict(failure) || PASSING.stream().anyMatch(state(failure)::startsWith);
  }

  @Override
  public boolean isConflict(SQLException failure) {
    return CONFLICTS.contains(state(failure));
  }

  @Override
  public String explain(SQLException failure) {
    String state = state(failure);
    if (state.startsWith("28")) {
      return place() + ": login refused, look at database.user and database.password";
    }
    if (state.startsWith("08") || state.startsWith("57P")) {
      return place() + ": cannot be reached";
    }
    return switch (state) {
      case "3D000" -> place() + ": no such database";
      case "42501" -> place() + ": the user may not do this: " + failure.getMessage();
      case "53100" -> place() + ": disk is full";
      case "53300" -> place() + ": too many connections";
      case "25006" -> place() + ": is read-only";
      default -> place() + ": " + failure.getMessage();
    };
  }

  private static String state(SQLException failure) {
    String state = failure.getSQLState();
    return state == null ? "" : state;
  }

  private PGSimpleDataSource source() {
    return source(url, settings.user(), settings.password());
  }

  /**
   * Where connections come from, with what is usual here unless the address says otherwise.
   *
   * @param user over the one of the address; empty for that one
   * @param password likewise
   */
  static PGSimpleDataSource source(DatabaseUrl.Postgres url, String user, String password) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(url.jdbc());
    Properties given = Objects.requireNonNull(Driver.parseURL(url.jdbc(), null));
    DEFAULTS.forEach(
        (property, value) -> {
          if (given.getProperty(property.getName()) == null) {
            source.setProperty(property, value);
          }
        });
    setUnlessEmpty(url.user(), source::setUser);
    setUnlessEmpty(url.password(), source::setPassword);
    setUnlessEmpty(user, source::setUser);
    setUnlessEmpty(password, source::setPassword);
    return source;
  }

  private static void setUnlessEmpty(String value, Consumer<String> setter) {
    if (!value.isEmpty()) {
      setter.accept(value);
    }
  }
}
