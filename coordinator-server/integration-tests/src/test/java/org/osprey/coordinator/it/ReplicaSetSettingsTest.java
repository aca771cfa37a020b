package org.osprey.coordinator.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.app.Composition;
import org.osprey.coordinator.app.Coordinator;
import org.osprey.coordinator.app.config.ConfigLoader;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.database.PostgresServer;

/** Whose replica sets a coordinator shows. */
@Timeout(120)
class ReplicaSetSettingsTest {
  private static final String COORDINATOR =
      """
      rpc: {bindAddress: 127.0.0.1, workerPort: 0, syncPort: 0}
      http: {bindAddress: 127.0.0.1, port: 0}
      startup: {warmUp: 0s}
      """;

  private static PostgresServer server;

  @TempDir private Path folder;

  @BeforeAll
  static void startServer() {
    assumeTrue(PostgresServer.isInstalled(), "no PostgreSQL server is installed");
    server = PostgresServer.start();
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void thoseOfItsOwnDatabaseUnlessAnotherIsNamed() throws Exception {
    ReplicaSetRows rows = new ReplicaSetRows(server);
    rows.run(ReplicaSetRows.MAIN);
    String own = "database: {url: '%s'}\n".formatted(rows.url());
    String other =
        "database: {url: '%s'}\nreplicaSets: {url: '%s'}\n"
            .formatted(server.newDatabase(), rows.url());
    assertEquals("main projections", shown(own));
    assertEquals("main projections", shown(other));
    rows.routes().closing();
  }

  @Test
  void noneWithoutPostgres() throws Exception {
    assertEquals("501", shown("database: {file: '%s'}\n".formatted(folder.resolve("test.db"))));
  }

  /** The replica set that is there, or the status of the answer. */
  private String shown(String settings) throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("settings.yaml"), COORDINATOR + settings);
    try (Coordinator coordinator = Composition.compose(ConfigLoader.load(file, Map.of()).config());
        HttpClient client = HttpClient.newHttpClient()) {
      coordinator.start();
      URI uri = URI.create("http://127.0.0.1:" + coordinator.httpPort() + "/api/replica-sets");
      HttpResponse<String> answer =
          client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
      return answer.statusCode() == 200
          ? nameOfMain(answer.body())
          : String.valueOf(answer.statusCode());
    }
  }

  private static String nameOfMain(String body) {
    return Json.read(body)
        .path("replica_sets")
        .valueStream()
        .map(set -> set.path("name").asString())
        .filter(name -> name.startsWith("main"))
        .findFirst()
        .orElse("none");
  }
}
