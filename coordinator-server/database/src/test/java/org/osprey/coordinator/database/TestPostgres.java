package org.osprey.coordinator.database;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.jspecify.annotations.Nullable;

/** One PostgreSQL server for all tests of this module, started by the first that asks. */
final class TestPostgres {
  private static @Nullable PostgresServer server;

  private TestPostgres() {}

  /** Skips the test on a machine without PostgreSQL. */
  static synchronized PostgresServer server() {
    assumeTrue(PostgresServer.isInstalled(), "no PostgreSQL server is installed");
    if (server == null) {
      server = PostgresServer.start();
    }
    return server;
  }

  /** A database of its own. */
  static DatabaseSettings.Builder settings() {
    return DatabaseSettings.builder().url(server().newDatabase());
  }
}
