package org.osprey.coordinator.streams.gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.osprey.coordinator.streams.gateway.GatewayServer.PATIENCE;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osprey.coordinator.proto.streams.v1.RegisterCommand;
import org.osprey.coordinator.proto.streams.v1.Result;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;
import org.osprey.coordinator.proto.streams.v1.StreamMode;
import org.osprey.coordinator.streams.gateway.GatewayServer.Answer;
import org.osprey.coordinator.streams.gateway.GatewayServer.Handshake;
import tools.jackson.databind.JsonNode;

@Timeout(120)
class WebSocketTest {
  private final GatewayServer server =
      new GatewayServer(
          new GatewaySettings(
              2, Duration.ofSeconds(15), Duration.ofSeconds(30), Duration.ofSeconds(30)));

  @BeforeEach
  void put() {
    server.streams.put(States.of("a", 5, 0, 10));
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void whoComesGetsTheStateFirstAndThenWhatIsNewer() {
    WatchingClient client = server.watch("/streams/a/ws?client_id=ada");
    assertEquals(5, client.next().get("seq").asLong());
    RegisterCommand register = server.streams.registers.remove();
    assertEquals("a", register.getStreamId());
    assertEquals("ada", register.getClientId());
    assertTrue(register.getSourceAddr().matches("127\\.0\\.0\\.1:[0-9]+"), register.toString());
    server.streams.publish(States.of("a", 6, 0, 11));
    JsonNode next = client.next();
    assertEquals(6, next.get("seq").asLong());
    assertEquals("scene 0", next.get("current_scene").asString());
    assertEquals(1, server.figure("streams_connections", "kind", "ws"));
    await().atMost(PATIENCE).until(() -> server.figure("streams_frames_sent") == 2);
  }

  @Test
  void nothingOlderComesAfterSomethingNewer() {
    WatchingClient client = server.watch("/streams/a/ws");
    client.next();
    for (StateUpdate old : List.of(States.of("a", 5, 1, 90), States.of("a", 4, 2, 91))) {
      server.streams.tell(old);
    }
    server.streams.tell(States.of("a", 3, 3, 92).toBuilder().setEpoch(2).build());
    assertEquals(2, client.next().get("epoch").asLong());
    server.streams.tell(States.of("a", 9, 4, 93));
    server.streams.tell(States.of("a", 4, 3, 94).toBuilder().setEpoch(2).build());
    JsonNode last = client.next();
    assertEquals(4, last.get("seq").asLong());
    assertEquals(2, last.get("epoch").asLong());
  }

  @Test
  void whatIsToldBeforeTheReplyIsNotSentAfterIt() {
    WatchingClient first = server.watch("/streams/a/ws");
    first.next();
    server.streams.tell(States.of("a", 8, 1, 30));
    assertEquals(8, first.next().get("seq").asLong());
    // The stream still answers with an older state.
    WatchingClient second = server.watch("/streams/a/ws");
    assertEquals(8, second.next().get("seq").asLong());
    server.streams.tell(States.of("a", 9, 1, 31));
    assertEquals(9, second.next().get("seq").asLong());
  }

  @Test
  void allWhoWatchAStreamShareAWatch() {
    WatchingClient first = server.watch("/streams/a/ws");
    WatchingClient second = server.watch("/streams/a/ws");
    first.next();
    second.next();
    assertEquals(1, server.streams.watches.get());
    first.socket().sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    await().atMost(PATIENCE).until(() -> server.streams.unregisters.size() == 1);
    assertEquals(1, server.streams.watches.get());
    second.socket().abort();
    await().atMost(PATIENCE).until(() -> server.streams.unregisters.size() == 2);
    await().atMost(PATIENCE).until(() -> server.streams.watches.get() == 0);
    await().atMost(PATIENCE).until(() -> server.figure("streams_connections", "kind", "ws") == 0);
  }

  @Test
  void whoLeavesIsUnregisteredByBothKeys() {
    WatchingClient client = server.watch("/streams/a/ws?client_id=ada");
    client.next();
    client.socket().sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    await().atMost(PATIENCE).until(() -> server.streams.unregisters.size() == 1);
    assertEquals("ada", server.streams.unregisters.element().getClientId());
    assertEquals(
        server.streams.registers.element().getSourceAddr(),
        server.streams.unregisters.element().getSourceAddr());
  }

  @Test
  void anUnregisterIsRepeatedUntilItIsTaken() {
    WatchingClient client = server.watch("/streams/a/ws");
    client.next();
    server.streams.subscriptionAnswer = FakeStreams.said(Result.RESULT_UNAVAILABLE, "away");
    client.socket().sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    passTimeUntil(() -> server.streams.unregisters.size() >= 3);
    int before = server.streams.unregisters.size();
    server.streams.subscriptionAnswer = null;
    passTimeUntil(() -> server.streams.unregisters.size() > before);
  }

  @Test
  void aRegisterIsRepeatedUntilItIsTaken() {
    server.streams.subscriptionAnswer = FakeStreams.said(Result.RESULT_UNKNOWN, "no answer");
    WatchingClient client = server.watch("/streams/a/ws");
    passTimeUntil(() -> server.streams.registers.size() >= 3);
    assertTrue(client.messages.isEmpty());
    server.streams.subscriptionAnswer = null;
    passTimeUntil(() -> !client.messages.isEmpty());
    assertEquals(5, client.next().get("seq").asLong());
  }

  @Test
  void aWatchIsTriedAgain() {
    server.streams.reachable = false;
    WatchingClient client = server.watch("/streams/a/ws");
    server.streams.reachable = true;
    passTimeUntil(() -> !client.messages.isEmpty());
    assertEquals(1, server.streams.watches.get());
  }

  @Test
  void whoFiltersByScenesSeesOnlyChanges() {
    WatchingClient client = server.watch("/streams/a/ws?filter=scenes");
    client.next();
    server.streams.tell(States.of("a", 6, 0, 60));
    server.streams.tell(States.of("a", 7, 1, 61));
    assertEquals(7, client.next().get("seq").asLong());
    server.streams.tell(States.of("a", 8, 1, 62));
    server.streams.tell(
        States.of("a", 9, 1, 62).toBuilder().setMode(StreamMode.STREAM_MODE_PAUSED).build());
    assertEquals("paused", client.next().get("mode").asString());
    server.streams.tell(
        States.of("a", 10, 1, 62).toBuilder()
            .setMode(StreamMode.STREAM_MODE_PAUSED)
            .setLoop(1)
            .build());
    assertEquals(1, client.next().get("loop").asLong());
  }

  @Test
  void whoWantsStepsSeesSteps() {
    WatchingClient client = server.watch("/streams/a/ws?progress=5");
    client.next();
    server.streams.tell(States.of("a", 6, 0, 14.9));
    server.streams.tell(States.of("a", 7, 0, 15));
    assertEquals(7, client.next().get("seq").asLong());
    server.streams.tell(States.of("a", 8, 0, 19.9));
    server.streams.tell(States.of("a", 9, 1, 19.95));
    assertEquals(9, client.next().get("seq").asLong());
  }

  @Test
  void whoWantsAFewASecondGetsNoMore() {
    WatchingClient client = server.watch("/streams/a/ws?rate=2");
    client.next();
    server.streams.tell(States.of("a", 6, 0, 11));
    server.streams.tell(States.of("a", 7, 1, 12));
    assertEquals(7, client.next().get("seq").asLong());
    server.streams.tell(States.of("a", 8, 1, 13));
    server.ticker.advance(Duration.ofMillis(499));
    server.streams.tell(States.of("a", 9, 1, 14));
    server.streams.tell(States.of("a", 10, 2, 14));
    assertEquals(10, client.next().get("seq").asLong());
    server.streams.tell(States.of("a", 11, 2, 15));
    // Nothing newer comes, but the time does.
    server.ticker.advance(Duration.ofMillis(500));
    assertEquals(11, client.next().get("seq").asLong());
  }

  @ParameterizedTest
  @CsvSource({
    "filter=all, filter",
    "progress=0, progress",
    "progress=101, progress",
    "progress=1.5, progress",
    "rate=0, rate",
    "rate=x, rate",
    "client_id=, client_id",
    "client_id=a%0Ab, client_id"
  })
  void aWishThatMakesNoSenseIsRefused(String query, String name) {
    Handshake socket = server.shake(GatewayServer.handshake("/streams/a/ws?" + query));
    assertEquals(400, socket.status());
    assertTrue(socket.detail().startsWith(name + ": want"), socket.detail());
    Answer events = server.get("/streams/a/events?" + query);
    assertEquals(400, events.status());
    assertTrue(events.detail().startsWith(name + ": want"), events.detail());
    assertEquals(0, server.figure("streams_connections", "kind", "ws"));
  }

  @Test
  void oneTooManyIsToldSo() {
    WatchingClient first = server.watch("/streams/a/ws");
    server.watch("/streams/a/ws").next();
    assertEquals(503, server.shake(GatewayServer.handshake("/streams/a/ws")).status());
    Answer third = server.get("/streams/a/events");
    assertEquals(503, third.status());
    assertEquals("5", third.header("Retry-After"));
    first.socket().abort();
    await().atMost(PATIENCE).until(() -> server.figure("streams_connections", "kind", "ws") == 1);
    server.watch("/streams/a/ws").next();
  }

  @Test
  void whenTheStreamEndsTheSocketDoes() {
    WatchingClient client = server.watch("/streams/a/ws");
    client.next();
    server.streams.remove("a");
    server.ticker.advance(Duration.ofSeconds(31));
    client.socket().sendText("still here", true).join();
    assertEquals(4404, client.awaitClose());
    assertEquals(1, server.figure("streams_watchers_cut", "reason", "stream_ended"));
    await().atMost(PATIENCE).until(() -> server.figure("streams_connections", "kind", "ws") == 0);
    assertEquals(0, server.streams.unregisters.size());
  }

  @Test
  void whoIsRefusedIsToldWhy() {
    server.streams.subscriptionAnswer = FakeStreams.said(Result.RESULT_INVALID, "client_id: no");
    WatchingClient client = server.watch("/streams/a/ws");
    assertEquals(1008, client.awaitClose());
    assertEquals(1, server.figure("streams_watchers_cut", "reason", "refused"));
  }

  @Test
  void messagesOfTheClientAreIgnoredUnlessTheyAreLarge() {
    WatchingClient client = server.watch("/streams/a/ws");
    client.next();
    client.socket().sendText("x".repeat(4096), true).join();
    client.socket().sendBinary(ByteBuffer.allocate(4096), true).join();
    server.streams.tell(States.of("a", 6, 0, 12));
    assertEquals(6, client.next().get("seq").asLong());
    client.socket().sendText("x".repeat(4097), true).join();
    assertEquals(1009, client.awaitClose());
  }

  @Test
  void closingSaysGoodByeAndUnregisters() {
    WatchingClient client = server.watch("/streams/a/ws");
    client.next();
    server.routes.close();
    assertEquals(1001, client.awaitClose());
    await().atMost(PATIENCE).until(() -> server.streams.unregisters.size() == 1);
    await().atMost(PATIENCE).until(() -> server.streams.watches.get() == 0);
    Answer late = server.get("/streams/a/events");
    assertEquals(503, late.status());
    assertEquals("the coordinator stops", late.detail());
  }

  @Test
  void itTellsHowItIs() {
    server.watch("/streams/a/ws").next();
    assertTrue(server.routes.check().healthy());
    assertEquals("1 of at most 2 watch", server.routes.check().detail());
    assertFalse(server.routes.loops().isEmpty());
  }

  /** Virtual time passes as fast as the gateway looks at it. */
  private void passTimeUntil(BooleanSupplier condition) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              server.ticker.advance(Duration.ofSeconds(1));
              return condition.getAsBoolean();
            });
  }
}
