package org.osprey.coordinator.database;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** PostgreSQL, which several coordinators may share. */
final class PostgresEngine implements Engine {
  private static final int CONNECT_SECONDS = 5;

  /** A server that is gone without a word is noticed after so long. */
  private static final int SOCKET_SECONDS = 60;

  /** A standby that is no primary yet or no more, a serialization failure, a deadlock. */
  private static final Set<String> PASSING_STATES = Set.of("25006", "40001", "40P01");

  /** Connection lost, no resources, operator intervention, I/O. */
  private static final List<String> PASSING_CLASSES = List.of("08", "53", "57P", "58");

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
  public Map<String, String> types() {
    return Map.of(
        "identity", "bigint generated always as identity primary key",
        "bytes", "bytea");
  }

  @Override
  public boolean isPassing(SQLException failure) {
    String state = state(failure);
    return PASSING_STATES.contains(state)
        || PASSING_CLASSES.stream().anyMatch(state::startsWith);
  }

  @Override
  public String explain(SQLException failure) {
    String state = state(failure);
    if (state.startsWith("28")) {
      return place() + ": login refused, look at database.user and database.password";
    }
    if (state.startsWith("08")) {
      return place() + ": no answer, or connection lost";
    }
    return switch (state) {
      case "3D000" -> place() + ": no such database";
      case "42501" -> place() + ": the user may not do this: " + failure.getMessage();
      case "53100" -> place() + ": disk is full";
      case "53300" -> place() + ": too many connections";
      case "57P01", "57P02", "57P03" -> place() + ": shuts down or starts up";
      case "25006" -> place() + ": is read-only";
      default -> place() + ": " + failure.getMessage();
    };
  }

  private static String state(SQLException failure) {
    String state = failure.getSQLState();
    return state == null ? "" : state;
  }

  /** Our own defaults first, so that the address can say otherwise. */
  private PGSimpleDataSource source() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setConnectTimeout(CONNECT_SECONDS);
    source.setLoginTimeout(CONNECT_SECONDS);
    source.setSocketTimeout(SOCKET_SECONDS);
    source.setTcpKeepAlive(true);
    source.setApplicationName("coordinator");
    // Details of an error repeat the values of a row, and errors are logged.
    source.setLogServerErrorDetail(false);
    source.setURL(url.jdbc());
    setUnlessEmpty(url.user(), source::setUser);
    setUnlessEmpty(url.password(), source::setPassword);
    setUnlessEmpty(settings.user(), source::setUser);
    setUnlessEmpty(settings.password(), source::setPassword);
    return source;
  }

  private static void setUnlessEmpty(String value, Consumer<String> setter) {
    if (!value.isEmpty()) {
      setter.accept(value);
    }
  }
}
