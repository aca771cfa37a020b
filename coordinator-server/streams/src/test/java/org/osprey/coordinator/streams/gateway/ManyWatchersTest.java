package org.osprey.coordinator.streams.gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.osprey.coordinator.streams.gateway.GatewayServer.PATIENCE;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** States that come faster than they can leave. */
@Timeout(240)
class ManyWatchersTest {
  private static final int WATCHERS = 100;
  private static final int STATES = 2_000;
  private static final int STATES_OF_A_SCENE = 7;

  private final GatewayServer server = new GatewayServer();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void eachSeesTheLastStateAndIsToldOfEveryScene() {
    server.streams.put(States.of("a", 0, 0, 0));
    List<WatchingClient> clients = new ArrayList<>();
    for (int i = 0; i < WATCHERS; i++) {
      WatchingClient client = server.watch("/streams/a/ws");
      assertEquals(0, client.next().get("seq").asLong());
      clients.add(client);
    }
    for (int i = 1; i <= STATES; i++) {
      server.streams.publish(States.of("a", i, i / STATES_OF_A_SCENE, 0));
    }
    clients.forEach(ManyWatchersTest::assertNothingUntold);
    assertEquals(1, server.streams.watches.get());
    // A frame counts when it has left, which may be after it has come.
    await().atMost(PATIENCE).until(() -> framesCounted() == WATCHERS * (STATES + 1));
  }

  private double framesCounted() {
    return server.figure("streams_frames_sent") + server.figure("streams_frames_skipped");
  }

  private static void assertNothingUntold(WatchingClient client) {
    long scenes = 0;
    long last = 0;
    String scene = "scene 0";
    while (last < STATES) {
      JsonNode state = client.next();
      assertTrue(state.get("seq").asLong() > last, state.toString());
      last = state.get("seq").asLong();
      String now = state.get("current_scene").asString();
      scenes += state.path("scenes_missed").asLong(0) + (now.equals(scene) ? 0 : 1);
      scene = now;
    }
    assertEquals(STATES / STATES_OF_A_SCENE, scenes);
  }
}
