package org.osprey.coordinator.tasks;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.osprey.coordinator.database.DatabaseSettings;
import org.osprey.coordinator.database.PostgresServer;

class PostgresTablesTest extends TablesSuite {
  private static PostgresServer server;

  @BeforeAll
  static void start() {
    assumeTrue(PostgresServer.isInstalled(), "no PostgreSQL server is installed");
    server = PostgresServer.start();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Override
  DatabaseSettings settings() {
    return DatabaseSettings.builder().url(server.newDatabase()).build();
  }
}
