package org.osprey.coordinator.streams.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.proto.streams.v1.OnEmpty;
import org.osprey.coordinator.proto.streams.v1.OrchestratorConfigDto;
import org.osprey.coordinator.proto.streams.v1.SceneConfigDto;
import org.osprey.coordinator.proto.streams.v1.StreamView;
import org.osprey.coordinator.proto.streams.v1.SubscriberCounts;
import org.osprey.coordinator.streams.gateway.GatewayServer.Answer;
import tools.jackson.databind.JsonNode;

class ViewRoutesTest {
  private final GatewayServer server = new GatewayServer();

  @AfterEach
  void close() {
    server.close();
  }

  private static StreamView view(String id) {
    return StreamView.newBuilder()
        .setState(States.of(id, 3, 0, 12.5))
        .setConfig(
            OrchestratorConfigDto.newBuilder()
                .addScenes(
                    SceneConfigDto.newBuilder()
                        .setName("scene 0")
                        .setDurationMs(3000)
                        .setActionName("light")
                        .setDataJson("{\"level\":0.10}"))
                .setTickIntervalMs(100)
                .setGracePeriodMs(0)
                .setLoopScenes(true)
                .setOnEmpty(OnEmpty.ON_EMPTY_RESTART))
        .setSubscribers(
            SubscriberCounts.newBuilder().setTotal(4).setActive(3).setStale(1).setUniqueClients(2))
        .setInstance("one")
        .build();
  }

  @Test
  void aStreamIsShown() {
    server.streams.put(view("a"));
    Answer answer = server.get("/streams/a");
    assertEquals(200, answer.status(), answer.body());
    assertEquals("application/json", answer.header("Content-Type"));
    JsonNode json = answer.json();
    assertEquals("a", json.get("stream_id").asString());
    assertEquals("scene 0", json.get("state").get("current_scene").asString());
    assertEquals("one", json.get("instance").asString());
    assertEquals(
        "{\"total\":4,\"active\":3,\"stale\":1,\"unique_clients\":2}",
        json.get("subscribers").toString());
    assertEquals(
        """
        {"scenes":[{"name":"scene 0","duration_ms":3000,"action_name":"light",\
        "data":{"level":0.10}}],"tick_interval_ms":100,"loop_scenes":true,"grace_period_ms":0,\
        "on_empty":"restart"}""",
        json.get("config").toString());
  }

  @Test
  void whatIsShownCanBeSentBack() {
    server.streams.put(view("a"));
    String config = server.get("/streams/a").json().get("config").toString();
    server.streams.commands.clear();
    assertEquals(200, server.put("/streams/a", config).status());
    assertEquals(
        view("a").getConfig(), server.streams.commands.remove().getReconfigure().getConfig());
  }

  @Test
  void aStreamThatIsNotThereIsNotFound() {
    Answer answer = server.get("/streams/none");
    assertEquals(404, answer.status());
    assertEquals("stream_id: there is no such stream", answer.detail());
  }

  @Test
  void aListHasPages() {
    for (String id : new String[] {"c", "a", "b"}) {
      server.streams.put(view(id));
    }
    Answer first = server.get("/streams?limit=2");
    assertEquals(2, first.json().size());
    assertEquals("a", first.json().get(0).get("stream_id").asString());
    assertEquals("</streams?limit=2&after=b>; rel=\"next\"", first.header("Link"));
    Answer second = server.get("/streams?limit=2&after=b");
    assertEquals(1, second.json().size());
    assertEquals("c", second.json().get(0).get("stream_id").asString());
    assertEquals("", second.header("Link"));
    assertEquals("[]", server.get("/streams?after=c").body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1001", "-1", "x", ""})
  void aLimitOutOfBoundsIsRefused(String limit) {
    Answer answer = server.get("/streams?limit=" + limit);
    assertEquals(400, answer.status());
    assertTrue(answer.detail().startsWith("limit: want"), answer.detail());
  }

  @Test
  void whoCannotBeReachedIsUnavailable() {
    server.streams.reachable = false;
    Answer answer = server.get("/streams");
    assertEquals(503, answer.status());
    assertEquals("nobody serves streams", answer.detail());
    assertEquals("1", answer.header("Retry-After"));
  }
}
