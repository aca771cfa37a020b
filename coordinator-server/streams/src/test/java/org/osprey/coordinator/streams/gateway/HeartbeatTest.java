package org.osprey.coordinator.streams.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.osprey.coordinator.streams.gateway.GatewayServer.PATIENCE;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osprey.coordinator.proto.streams.v1.HeartbeatCommand;
import org.osprey.coordinator.proto.streams.v1.Result;

/** Signs of life, in virtual time. */
@Timeout(120)
class HeartbeatTest {
  private static final int PING = 0x89;

  private final GatewayServer server = new GatewayServer();

  @BeforeEach
  void put() {
    server.streams.put(States.of("a", 5, 0, 10));
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void whoAnswersPingsIsKept() {
    WatchingClient client = server.watch("/streams/a/ws?client_id=ada");
    client.next();
    for (int i = 1; i <= 4; i++) {
      int pings = 2 * i;
      server.ticker.advance(Duration.ofSeconds(15));
      await().atMost(PATIENCE).until(() -> client.pings.get() == pings - 1);
      server.ticker.advance(Duration.ofSeconds(15));
      await().atMost(PATIENCE).until(() -> client.pings.get() == pings);
      int beats = i;
      await().atMost(PATIENCE).until(() -> server.streams.heartbeats.size() == beats);
    }
    HeartbeatCommand beat = server.streams.heartbeats.remove();
    assertEquals("a", beat.getStreamId());
    assertEquals("ada", beat.getClientId());
    assertEquals(server.streams.registers.remove().getSourceAddr(), beat.getSourceAddr());
    assertEquals(0, server.figure("streams_watchers_cut", "reason", "silent"));
  }

  @Test
  void whoAnswersNoPingHasNoHeartbeatAndIsCut() throws IOException {
    try (Socket mute = server.connect(64 * 1024)) {
      mute.getOutputStream().write(GatewayServer.handshake("/streams/a/ws").getBytes(UTF_8));
      InputStream in = mute.getInputStream();
      await().atMost(PATIENCE).until(() -> server.figure("streams_frames_sent") == 1);
      server.ticker.advance(Duration.ofSeconds(15));
      while (in.read() != PING) {
        // The handshake and the first state come before.
      }
      for (int i = 0; i < 74; i++) {
        server.ticker.advance(Duration.ofSeconds(1));
      }
      assertEquals(1, server.figure("streams_connections", "kind", "ws"));
      server.ticker.advance(Duration.ofSeconds(2));
      await().atMost(PATIENCE).until(() -> server.streams.unregisters.size() == 1);
      assertEquals(0, server.streams.heartbeats.size());
      assertEquals(1, server.figure("streams_watchers_cut", "reason", "silent"));
      await().atMost(PATIENCE).until(() -> server.figure("streams_connections", "kind", "ws") == 0);
    }
  }

  @Test
  void whoHasNotBeenHeardIsRegisteredAgain() {
    WatchingClient client = server.watch("/streams/a/ws");
    client.next();
    server.streams.subscriptionAnswer = FakeStreams.said(Result.RESULT_UNAVAILABLE, "away");
    server.ticker.advance(Duration.ofSeconds(15));
    await().atMost(PATIENCE).until(() -> client.pings.get() == 1);
    server.ticker.advance(Duration.ofSeconds(15));
    await().atMost(PATIENCE).until(() -> server.streams.heartbeats.size() == 1);
    server.streams.subscriptionAnswer = null;
    server.streams.put(States.of("a", 6, 1, 40));
    passTimeUntil(() -> server.streams.registers.size() == 2);
    assertEquals(6, client.next().get("seq").asLong());
  }

  @Test
  void whoeverTakesTheStreamOverIsToldAtOnce() {
    WatchingClient client = server.watch("/streams/a/ws");
    client.next();
    server.streams.publish(States.of("a", 1, 0, 10).toBuilder().setEpoch(2).build());
    assertEquals(2, client.next().get("epoch").asLong());
    await().atMost(PATIENCE).until(() -> server.streams.registers.size() == 2);
    server.streams.publish(States.of("a", 2, 0, 11).toBuilder().setEpoch(2).build());
    assertEquals(2, client.next().get("seq").asLong());
    assertEquals(2, server.streams.registers.size());
    assertEquals(0, server.streams.heartbeats.size());
  }

  @Test
  void anEventStreamLivesByWhatItTakes() throws IOException {
    try (Socket client = server.connect(64 * 1024)) {
      client
          .getOutputStream()
          .write("GET /streams/a/events HTTP/1.1\r\nHost: here\r\n\r\n".getBytes(UTF_8));
      await().atMost(PATIENCE).until(() -> server.figure("streams_frames_sent") == 1);
      server.ticker.advance(Duration.ofSeconds(31));
      await().atMost(PATIENCE).until(() -> server.streams.heartbeats.size() == 1);
      byte[] read = new byte[8 * 1024];
      StringBuilder text = new StringBuilder();
      while (!text.toString().contains(": still here")) {
        int length = client.getInputStream().read(read);
        assertTrue(length > 0, text.toString());
        text.append(new String(read, 0, length, UTF_8));
      }
    }
    passTimeUntil(() -> server.streams.unregisters.size() == 1);
  }

  /** Virtual time passes as fast as the gateway looks at it. */
  private void passTimeUntil(BooleanSupplier condition) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              server.ticker.advance(Duration.ofSeconds(3));
              return condition.getAsBoolean();
            });
  }
}
