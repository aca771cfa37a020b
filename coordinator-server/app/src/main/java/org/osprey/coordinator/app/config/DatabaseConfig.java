package org.osprey.coordinator.app.config;

import java.time.Duration;
import org.osprey.coordinator.settings.Rules;
import org.osprey.coordinator.settings.Secrets;
import org.osprey.coordinator.settings.Variable;

/**
 * The database of this coordinator.
 *
 * @param url of PostgreSQL; empty means the embedded one in {@code file}
 */
public record DatabaseConfig(
    @Variable("DATABASE_URL") String url,
    @Variable("OSPREY_COORDINATOR_DATABASE_FILE") String file,
    String user,
    String password,
    int poolSize,
    Duration busyTimeout,
    int queueSize,
    int maxBatch,
    Duration writeTimeout) {

  /** Addresses of PostgreSQL, as people write them. */
  static final String POSTGRES = "(?s)(postgres(ql)?(\\+\\w+)?|jdbc:postgresql):.+";

  private static final String SQLITE = "(?s)(jdbc:)?sqlite:.+";

  public DatabaseConfig {
    new Rules()
        .that(
            url.isEmpty() || url.matches(POSTGRES) || url.matches(SQLITE),
            Secrets.masked("url", url),
            "postgres://user:password@host:port/name, or sqlite:file",
            "url")
        .notBlank(file, "file")
        .between(1, 100, poolSize, "poolSize")
        .positive(busyTimeout, "busyTimeout")
        .between(1, 1_000_000, queueSize, "queueSize")
        .between(1, 10_000, maxBatch, "maxBatch")
        .positive(writeTimeout, "writeTimeout")
        .check();
  }

  /** Whether it is PostgreSQL. */
  public boolean isPostgres() {
    return url.matches(POSTGRES);
  }
}
