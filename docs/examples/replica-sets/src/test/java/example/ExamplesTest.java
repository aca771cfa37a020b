package example;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URLEncoder;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osprey.coordinator.database.PostgresServer;
import org.osprey.coordinator.replica.ReplicaSets;
import org.osprey.coordinator.replica.ReplicaSets.ReplicaSet;
import org.postgresql.ds.PGSimpleDataSource;

/** The examples do what they say, against a real database. */
@Timeout(300)
class ExamplesTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static PostgresServer server;

  private String url;
  private PGSimpleDataSource database;

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

  @BeforeEach
  void makeDatabase() {
    String made = server.newDatabase();
    url =
        "jdbc:postgresql://%s%s?user=%s&password=%s"
            .formatted(
                server.address(),
                made.substring(made.lastIndexOf('/')),
                PostgresServer.USER,
                URLEncoder.encode(PostgresServer.PASSWORD, UTF_8));
    database = new PGSimpleDataSource();
    database.setUrl(url);
  }

  @Test
  void workersShareTheWorkAndLeaveWhenTheyAreTold() throws Exception {
    try (ExampleProcess one = new ExampleProcess(QuickStart.class, url);
        ExampleProcess other = new ExampleProcess(QuickStart.class, url)) {
      int port = one.awaitStarted();
      other.awaitStarted();
      append(200);
      awaitCounted("user_projection", 200);
      await().atMost(PATIENCE).until(() -> set("main-projections").isComplete());
      await().atMost(PATIENCE).until(() -> set("main-projections").workers().size() == 2);
      assertEquals(200, ExampleProcess.status(port, "/live"));
      await().atMost(PATIENCE).until(() -> ExampleProcess.status(port, "/ready") == 200);
      other.terminate();
      other.awaitEnd();
      assertEquals(1, set("main-projections").workers().size());
      append(100);
      awaitCounted("user_projection", 300);
      server.stop();
      try {
        await().atMost(PATIENCE).until(() -> ExampleProcess.status(port, "/ready") == 503);
        assertEquals(200, ExampleProcess.status(port, "/live"));
      } finally {
        server.restart();
      }
      await().atMost(PATIENCE).until(() -> ExampleProcess.status(port, "/ready") == 200);
      append(100);
      awaitCounted("user_projection", 400);
      one.terminate();
      one.awaitEnd();
      assertEquals(0, set("main-projections").workers().size());
    }
  }

  @Test
  void severalReplicaSetsInOneProcessAreIndependent() throws Exception {
    append(100);
    try (ExampleProcess both = new ExampleProcess(MultipleReplicaSets.class, url)) {
      both.awaitStarted();
      awaitCounted("user_projection", 100);
      awaitCounted("analytics_projection", 100);
      await().atMost(PATIENCE).until(() -> set("analytics-projections").isComplete());
      both.terminate();
      both.awaitEnd();
      assertEquals(0, set("main-projections").workers().size());
      assertEquals(0, set("analytics-projections").workers().size());
    }
  }

  private void append(int events) throws Exception {
    try (ExampleProcess appending =
        new ExampleProcess(AppendEvents.class, url, String.valueOf(events))) {
      appending.awaitDone();
    }
  }

  /** Ten users have as many each. */
  private void awaitCounted(String table, int events) {
    String sql = "select count(*) filter (where events = %d) from %s".formatted(events / 10, table);
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(
            () -> {
              try (Connection connection = database.getConnection();
                  Statement statement = connection.createStatement();
                  ResultSet row = statement.executeQuery(sql)) {
                return row.next() && row.getInt(1) == 10;
              }
            });
  }

  private ReplicaSet set(String name) {
    return new ReplicaSets(database).find(name).orElseThrow();
  }
}
