package org.osprey.coordinator.database;

import com.google.errorprone.annotations.ThreadSafe;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * A few connections to PostgreSQL for what keeps tables of its own there, and waits for nobody
 * else. None is opened before it is asked for.
 */
@ThreadSafe
public final class PostgresPool implements AutoCloseable {
  /** The least that the pool can do. */
  private static final Duration KEPT = Duration.ofSeconds(10);

  private final String place;

  @SuppressWarnings("ThreadSafe") // the pool is, once it is set up
  private final HikariDataSource connections = new HikariDataSource();

  /**
   * Keeps no connection that nobody has wanted for a while.
   *
   * @param group of settings that {@code url}, {@code user} and {@code password} are of
   * @param user over the one in {@code url}; empty for that one
   * @param password likewise
   * @param size connections at most
   * @param wait for one of them, before it fails
   * @throws IllegalArgumentException naming the setting that is wrong
   */
  public PostgresPool(
      String group, String url, String user, String password, int size, Duration wait) {
    this(group, postgres(group, url), user, password, size, wait);
  }

  private PostgresPool(
      String group,
      DatabaseUrl.Postgres url,
      String user,
      String password,
      int size,
      Duration wait) {
    this(group, url.place(), PostgresEngine.source(url, user, password), size, wait);
    connections.setMinimumIdle(0);
    connections.setIdleTimeout(KEPT.toMillis());
  }

  /** Keeps all that it has opened. */
  PostgresPool(String name, String place, DataSource source, int size, Duration wait) {
    this.place = place;
    connections.setPoolName(name);
    connections.setDataSource(source);
    // Otherwise the pool asks its first connection, and if that is lost while it asks, no later one
    // can ever be set up.
    connections.setTransactionIsolation(PostgresEngine.ISOLATION);
    connections.setMaximumPoolSize(size);
    connections.setConnectionTimeout(wait.toMillis());
    // Whether there is one shows when it is asked for.
    connections.setInitializationFailTimeout(-1);
  }

  private static DatabaseUrl.Postgres postgres(String group, String url) {
    DatabaseUrl address = DatabaseUrl.of(group, url.strip());
    if (address instanceof DatabaseUrl.Postgres postgres) {
      return postgres;
    }
    throw new IllegalArgumentException(
        "%s.url must be that of PostgreSQL, got %s".formatted(group, address.place()));
  }

  public DataSource connections() {
    return connections;
  }

  /** The setting and its value without secrets, for people. */
  public String place() {
    return place;
  }

  @Override
  public void close() {
    connections.close();
  }
}
