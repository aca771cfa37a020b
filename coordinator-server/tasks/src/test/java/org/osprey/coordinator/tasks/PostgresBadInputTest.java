package org.osprey.coordinator.tasks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.database.DatabaseSettings;
import org.osprey.coordinator.database.PostgresServer;

class PostgresBadInputTest extends BadInputSuite {
  private static PostgresServer server;
  private String name = "";

  @BeforeAll
  static void start() {
    assumeTrue(PostgresServer.isInstalled(), "no PostgreSQL server is installed");
    server = PostgresServer.start();
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void newDatabase() {
    String url = server.newDatabase();
    name = url.substring(url.lastIndexOf('/') + 1);
  }

  @Override
  DatabaseSettings.Builder settings() {
    return DatabaseSettings.builder().url(server.url(name));
  }

  @Override
  DatabaseSettings.Builder broken() {
    return DatabaseSettings.builder().url(server.url(name + "_later"));
  }

  @Override
  void mend() {
    server.execute(name, "create database " + name + "_later");
  }

  @Test
  void aServerThatGoesAwayIsWaitedFor() {
    DatabaseSettings settings = settings().writeTimeout(Duration.ofMillis(200)).build();
    ServiceSettings none = ServiceSettings.of("revenue", URI.create("http://127.0.0.1:1"));
    try (TaskServer tasks = new TaskServer(settings, List.of(none), Set.of())) {
      await().until(() -> tasks.get("/api/tasks").statusCode() == 200);
      server.stop();
      try {
        assertUnavailable(tasks.get("/api/tasks"));
        assertUnavailable(tasks.post("/api/tasks/x/retry", ""));
      } finally {
        server.restart();
      }
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> tasks.post("/api/tasks/x/retry", "").statusCode() == 404);
      await().until(() -> tasks.get("/api/tasks").statusCode() == 200);
    }
  }
}
