package org.osprey.coordinator.testdata;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.snowflake.LocalIds;
import org.osprey.coordinator.snowflake.SnowflakeIds;
import org.osprey.coordinator.snowflake.SnowflakeSettings;

class IdServerTest {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private IdServer server;

  @BeforeEach
  void start() throws IOException {
    server = new IdServer(new IdServer.Settings("127.0.0.1", 0, 3, 7));
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  @Test
  void theCoordinatorTakesItsIds() {
    Set<Long> ids = new HashSet<>();
    try (SnowflakeIds generator =
        new SnowflakeIds(
            SnowflakeSettings.of(url("")), LocalIds.reserved(), Ticker.system(), () -> 0.5)) {
      generator.start();
      await().until(() -> generator.stats().buffered() >= 1000);
      for (int i = 0; i < 500; i++) {
        ids.add(generator.next());
      }
      assertEquals(0, generator.stats().local());
      assertEquals(0, generator.stats().failures());
    }
    assertEquals(500, ids.size());
    assertTrue(ids.stream().allMatch(id -> (id >>> 17 & 31) == 3 && (id >>> 12 & 31) == 7));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "{\"count\": 0}",
        "{\"count\": -1}",
        "{\"count\": 100001}",
        "{\"count\": 99999999999999}",
        "{\"count\": \"1\"}",
        "{\"count\": 1",
        "{\"other\": {\"count\": 1}}"
      })
  void whatIsNoCountIsRefused(String body) throws Exception {
    HttpResponse<String> answer = post(body);
    assertEquals(400, answer.statusCode());
    assertEquals("{\"error\": \"want {\\\"count\\\": N} with N from 1 to 100000\"}", answer.body());
  }

  @Test
  void answersGetsByTheirPath() throws Exception {
    assertEquals(200, get("/health"));
    assertEquals(404, get("/"));
    assertEquals(405, get("/generate"));
  }

  private int get(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(url(path)).build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  private HttpResponse<String> post(String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(url("/generate")).POST(BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
  }

  private URI url(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }
}
