package org.osprey.coordinator.replicasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osprey.coordinator.database.PostgresPool;
import org.osprey.coordinator.database.PostgresServer;
import org.osprey.coordinator.http.HttpServer;
import org.osprey.coordinator.http.HttpSettings;
import org.osprey.coordinator.http.Json;
import org.osprey.coordinator.replica.event.PostgresEventStore;
import tools.jackson.databind.JsonNode;

/** Of rows as workers leave them. */
@Timeout(120)
class ReplicaSetRoutesTest {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final String ROWS =
      """
      insert into rs_sets (replica_set, generation, partitions, slots) values ('main', 7, 2, 64);
      insert into rs_workers (replica_set, worker, partition, ready)
        values ('main', 'a', 0, 7), ('main', 'b', 1, 6), ('main', 'c', -1, 0);
      insert into rs_events (stream_id, version, slot, type, data, metadata)
        select 'order/1', number, 0, 'counted', '', '' from generate_series(1, 9) as number;
      insert into rs_checkpoints (replica_set, projection, slot, position, generation)
        values ('main', 'users', 0, 4, 7), ('main', 'users', 1, 6, 7), ('main', 'bills', 0, 9, 7);
      insert into rs_parked (replica_set, projection, position, stream_id, slot, error)
        values ('main', 'users', 3, 'order/1', 0, 'no such user'), ('main', 'users', 4, 'order/1', 0, '');
      """;

  private static PostgresServer server;

  private @Nullable HttpServer http;

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

  private String url;
  private PostgresPool database;

  @BeforeEach
  void makeDatabase() {
    url = server.newDatabase();
    database = new PostgresPool("replicaSets", url, "", "", 2, Duration.ofSeconds(30));
  }

  @AfterEach
  void close() {
    database.close();
    if (http != null) {
      http.close();
    }
  }

  private void fill() {
    PostgresEventStore.migrate(database.connections());
    server.execute(url.substring(url.lastIndexOf('/') + 1), ROWS);
  }

  private HttpServer serve(@Nullable PostgresPool pool) throws IOException {
    HttpServer started =
        new HttpServer(
            new HttpSettings(
                0, "127.0.0.1", 10_000, 100, Duration.ofMinutes(1), 1, Duration.ofSeconds(1)),
            List.of(new ReplicaSetRoutes(pool)));
    started.start();
    http = started;
    return started;
  }

  @Test
  void replicaSetsAreListed() throws Exception {
    fill();
    serve(database);
    JsonNode set = json(get("/api/replica-sets")).at("/replica_sets/0");
    assertEquals("main", set.get("name").asString());
    assertEquals(7, set.get("generation").asInt());
    assertEquals(false, set.get("complete").asBoolean());
    assertEquals(
        Json.MAPPER.readTree("{\"ready\":1,\"stopping\":1,\"waiting\":1}"), set.get("workers"));
    assertEquals(2, set.get("projections").asInt());
    assertEquals(5, set.get("lag").asInt());
    assertEquals(2, set.get("parked").asInt());
  }

  @Test
  void oneIsShownWithItsWorkersAndProjections() throws Exception {
    fill();
    serve(database);
    JsonNode set = json(get("/api/replica-sets/main"));
    assertEquals(64, set.get("slots").asInt());
    assertEquals(9, set.get("last_position").asInt());
    JsonNode workers = set.get("workers");
    assertEquals(3, workers.size());
    assertEquals("stopping", workers.at("/1/state").asString());
    assertEquals(1, workers.at("/1/partition").asInt());
    assertEquals(32, workers.at("/1/slots").size());
    assertEquals(63, workers.at("/1/slots/31").asInt());
    assertTrue(workers.at("/2/partition").isMissingNode());
    assertEquals(0, workers.at("/2/slots").size());
    assertEquals(
        Json.MAPPER.readTree(
            """
            [{"name":"bills","position":9,"furthest":9,"lag":0,"parked":0},
             {"name":"users","position":4,"furthest":6,"lag":5,"parked":2}]"""),
        set.get("projections"));
    assertEquals(404, get("/api/replica-sets/other").statusCode());
  }

  @Test
  void parkedEventsAreListedAndReleased() throws Exception {
    fill();
    serve(database);
    String projection = "/api/replica-sets/main/projections/users";
    JsonNode parked = json(get(projection + "/parked")).get("parked");
    assertEquals(2, parked.size());
    assertEquals("order/1", parked.at("/0/stream_id").asString());
    assertEquals("no such user", parked.at("/0/error").asString());
    assertEquals(1, json(get(projection + "/parked?limit=1")).get("parked").size());
    HttpResponse<String> released = post(projection + "/release", "{\"stream_id\":\"order/1\"}");
    assertEquals("{\"released\":2}", released.body());
    assertTrue(json(get(projection + "/parked")).at("/parked/0/released").asBoolean());
    assertEquals(404, post(projection + "/release", "{\"stream_id\":\"none\"}").statusCode());
    assertEquals(400, post(projection + "/release", "{}").statusCode());
    assertEquals(400, get(projection + "/parked?limit=0").statusCode());
    assertEquals(404, get("/api/replica-sets/main/projections/none/parked").statusCode());
  }

  @Test
  void aProjectionIsReset() throws Exception {
    fill();
    serve(database);
    String path = "/api/replica-sets/main/projections/users/reset";
    HttpResponse<String> reset = post(path, "{\"position\":2}");
    assertEquals(200, reset.statusCode(), reset.body());
    assertEquals(8, json(reset).get("generation").asInt());
    assertEquals(
        Json.MAPPER.readTree(
            "{\"name\":\"users\",\"position\":2,\"furthest\":2,\"lag\":7,\"parked\":0}"),
        json(reset).at("/projections/1"));
    assertEquals(
        "position: want from 0 to 9, that of the last event, got 10",
        json(post(path, "{\"position\":10}")).get("detail").asString());
    assertEquals(400, post(path, "{\"position\":-1}").statusCode());
    assertEquals(400, post(path, "{}").statusCode());
    assertEquals(
        404,
        post("/api/replica-sets/main/projections/none/reset", "{\"position\":0}").statusCode());
    assertEquals(8, json(get("/api/replica-sets/main")).get("generation").asInt());
  }

  @Test
  void otherSitesAndOtherContentCannotSteer() throws Exception {
    fill();
    serve(database);
    HttpRequest.Builder reset =
        request("/api/replica-sets/main/projections/users/reset")
            .POST(BodyPublishers.ofString("{\"position\":0}"));
    assertEquals(415, send(reset.copy().header("Content-Type", "text/plain")).statusCode());
    assertEquals(
        403,
        send(reset
                .header("Content-Type", "application/json")
                .header("Sec-Fetch-Site", "cross-site"))
            .statusCode());
    assertEquals(7, json(get("/api/replica-sets/main")).get("generation").asInt());
  }

  @Test
  void aDatabaseThatNoWorkerHasPreparedHasNone() throws Exception {
    serve(database);
    assertEquals("{\"replica_sets\":[]}", get("/api/replica-sets").body());
    assertEquals(404, get("/api/replica-sets/main").statusCode());
    assertEquals(
        404, post("/api/replica-sets/main/projections/p/reset", "{\"position\":0}").statusCode());
  }

  @Test
  void aDatabaseThatIsAwayIsUnavailable() throws Exception {
    PostgresPool away =
        new PostgresPool(
            "replicaSets", "postgres://127.0.0.1:1/none", "", "", 2, Duration.ofMillis(300));
    serve(away);
    HttpResponse<String> answer = get("/api/replica-sets");
    assertEquals(503, answer.statusCode());
    assertEquals("1", answer.headers().firstValue("Retry-After").orElse(""));
    String detail = json(answer).get("detail").asString();
    assertTrue(
        detail.startsWith("replicaSets.url=postgresql://127.0.0.1:1/none: could not look"), detail);
  }

  @Test
  void withoutPostgresItSaysWhatIsMissing() throws Exception {
    serve(null);
    HttpResponse<String> answer = get("/api/replica-sets");
    assertEquals(501, answer.statusCode());
    assertTrue(json(answer).get("detail").asString().contains("replicaSets.url"));
    assertEquals(501, post("/api/replica-sets/a/projections/p/reset", "{}").statusCode());
    assertEquals(List.of(), new ReplicaSetRoutes(null).views());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(request(path).GET());
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  private HttpRequest.Builder request(String path) {
    HttpServer serving = http;
    if (serving == null) {
      throw new AssertionError("not served");
    }
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + serving.port() + path));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> response) {
    return Json.MAPPER.readTree(response.body());
  }
}
