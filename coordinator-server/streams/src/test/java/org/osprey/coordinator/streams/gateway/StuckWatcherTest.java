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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** One who does not read, beside others who do. */
@Timeout(240)
class StuckWatcherTest {
  private static final int OTHERS = 20;
  private static final int MOST_HELD = 64 * 1024;

  /** What the client's own side of the connection takes; the kernel doubles what is asked for. */
  private static final int RECEIVE_BUFFER = 4 * 1024;

  private final GatewayServer server = new GatewayServer();
  private final List<WatchingClient> others = new ArrayList<>();
  private long seq = 1;
  private int frame;

  @BeforeEach
  void watch() {
    server.streams.put(States.of("a", seq, 0, 0));
  }

  @AfterEach
  void close() {
    server.close();
  }

  /** A new state, in a scene of its own, that all who read have got. */
  private void tellAll() {
    seq++;
    server.streams.tell(States.of("a", seq, (int) seq, (int) seq % 100));
    for (WatchingClient other : others) {
      JsonNode state = other.next();
      assertEquals(seq, state.get("seq").asLong());
      assertTrue(!state.has("scenes_missed"), state.toString());
      frame = state.toString().length();
    }
  }

  private Socket open(String path) throws IOException {
    Socket stuck = server.connect(RECEIVE_BUFFER);
    String request =
        path.endsWith("ws")
            ? GatewayServer.handshake(path)
            : "GET %s HTTP/1.1\r\nHost: here\r\n\r\n".formatted(path);
    stuck.getOutputStream().write(request.getBytes(UTF_8));
    await().atMost(PATIENCE).until(() -> server.figure("streams_frames_sent") == 1);
    return stuck;
  }

  private void addOthers() {
    for (int i = 0; i < OTHERS; i++) {
      WatchingClient other = server.watch("/streams/a/ws");
      other.next();
      others.add(other);
    }
  }

  /** Tells until nothing more leaves for the one who does not read; how much had left for it. */
  private long fill() {
    long toStuck = 1;
    int without = 0;
    while (without < 20) {
      double before = server.figure("streams_frames_sent");
      tellAll();
      long sent = (long) (server.figure("streams_frames_sent") - before) - OTHERS;
      toStuck += sent;
      without = sent == 0 ? without + 1 : 0;
    }
    return toStuck * frame;
  }

  @ParameterizedTest
  @ValueSource(strings = {"/streams/a/ws", "/streams/a/events"})
  void oneThatIsStuckHoldsLittleAndDelaysNobody(String path) throws IOException {
    try (Socket stuck = open(path)) {
      addOthers();
      long held = fill();
      assertTrue(held <= MOST_HELD, "held for one that is stuck: %d bytes".formatted(held));
      assertEquals(1, stuckOrGone(path));
      server.ticker.advance(Duration.ofSeconds(31));
      await()
          .atMost(PATIENCE)
          .until(() -> server.figure("streams_watchers_cut", "reason", "stuck") == 1);
      await().atMost(PATIENCE).until(() -> server.streams.unregisters.size() == 1);
      assertTrue(stuck.isConnected());
      tellAll();
    }
  }

  private double stuckOrGone(String path) {
    return path.endsWith("ws")
        ? server.figure("streams_connections", "kind", "ws") - OTHERS
        : server.figure("streams_connections", "kind", "sse");
  }

  @Test
  void whoReadsAgainGetsTheNewestStateAndHearsWhatItMissed() throws IOException {
    try (Socket slow = open("/streams/a/ws")) {
      addOthers();
      fill();
      InputStream in = slow.getInputStream();
      StringBuilder read = new StringBuilder();
      byte[] buffer = new byte[16 * 1024];
      while (!read.toString().contains("\"seq\":" + seq + ",")) {
        int length = in.read(buffer);
        assertTrue(length > 0, "cut");
        read.append(new String(buffer, 0, length, UTF_8));
      }
      String newest = read.substring(read.lastIndexOf("{"));
      await().atMost(PATIENCE).until(() -> server.figure("streams_scenes_missed") > 0);
      assertTrue(newest.contains("\"scenes_missed\":"), newest);
      assertTrue(server.figure("streams_frames_skipped") >= 19);
    }
  }
}
