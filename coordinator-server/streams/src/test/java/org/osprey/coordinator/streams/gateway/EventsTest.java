package org.osprey.coordinator.streams.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.osprey.coordinator.streams.gateway.GatewayServer.PATIENCE;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(120)
class EventsTest {
  private final GatewayServer server = new GatewayServer();
  private Socket socket;
  private BufferedReader reader;

  @BeforeEach
  void connect() throws IOException {
    server.streams.put(States.of("a", 5, 0, 10));
    socket = server.connect(64 * 1024);
    reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    socket
        .getOutputStream()
        .write(
            "GET /streams/a/events?client_id=ada HTTP/1.1\r\nHost: here\r\n\r\n".getBytes(UTF_8));
  }

  @AfterEach
  void close() throws IOException {
    socket.close();
    server.close();
  }

  /** The data of the next event of that name. */
  private JsonNode next(String name) throws IOException {
    String line = reader.readLine();
    while (line != null && !line.equals("event: " + name)) {
      line = reader.readLine();
    }
    assertNotNull(line, "the stream ended");
    return Fields.MAPPER.readTree(reader.readLine().substring("data: ".length()));
  }

  @Test
  void eachStateIsAnEvent() throws IOException {
    assertEquals("HTTP/1.1 200 OK", reader.readLine());
    assertEquals(5, next("state").get("seq").asLong());
    assertEquals("ada", server.streams.registers.remove().getClientId());
    server.streams.publish(States.of("a", 6, 1, 40));
    JsonNode second = next("state");
    assertEquals(6, second.get("seq").asLong());
    assertEquals("scene 1", second.get("current_scene").asString());
    assertEquals(1, server.figure("streams_connections", "kind", "sse"));
  }

  @Test
  void whoGoesAwayIsUnregistered() throws IOException {
    next("state");
    socket.close();
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              server.ticker.advance(Duration.ofSeconds(15));
              return server.streams.unregisters.size() == 1;
            });
    await().atMost(PATIENCE).until(() -> server.streams.watches.get() == 0);
  }

  @Test
  void theEndOfTheStreamIsAnEvent() throws IOException {
    next("state");
    server.streams.remove("a");
    server.ticker.advance(Duration.ofSeconds(31));
    next("end");
    assertEquals(1, server.figure("streams_watchers_cut", "reason", "stream_ended"));
    assertEquals(0, reader.lines().filter(line -> line.startsWith("data")).count());
    await().atMost(PATIENCE).until(() -> server.figure("streams_connections", "kind", "sse") == 0);
  }

  @Test
  void closingEndsIt() throws IOException {
    next("state");
    server.routes.close();
    next("end");
    await().atMost(PATIENCE).until(() -> server.streams.unregisters.size() == 1);
  }
}
