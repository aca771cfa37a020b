package org.osprey.coordinator.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.jdbi.v3.core.Jdbi;

/** The pool for queries. It mends itself when connections are lost. */
final class Readers implements AutoCloseable {
  private final HikariDataSource pool;
  private final Jdbi jdbi;

  private Readers(HikariDataSource pool) {
    this.pool = pool;
    jdbi = Jdbi.create(pool);
  }

  static Readers open(Engine engine, DatabaseSettings settings) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("database-readers");
    config.setDataSource(engine.reading());
    config.setReadOnly(true);
    // Otherwise the pool asks its first connection, and if that is lost while it asks, no later one
    // can ever be set up.
    config.setTransactionIsolation(engine.isolation());
    config.setMaximumPoolSize(settings.poolSize());
    config.setMinimumIdle(1);
    config.setConnectionTimeout(settings.busyTimeout().toMillis());
    // The writer has just found out whether the database answers.
    config.setInitializationFailTimeout(-1);
    return new Readers(new HikariDataSource(config));
  }

  Jdbi jdbi() {
    return jdbi;
  }

  @Override
  public void close() {
    pool.close();
  }
}
