package org.osprey.coordinator.streams.gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.osprey.coordinator.streams.gateway.GatewayServer.PATIENCE;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.streams.gateway.GatewayServer.Answer;
import org.osprey.coordinator.streams.gateway.GatewayServer.Handshake;

/** What a client writes that is no library. */
@Timeout(120)
class HandshakeTest {
  private static final String GOOD = GatewayServer.handshake("/streams/a/ws");

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
  void messagesAreNotCompressed() {
    String wish = "Sec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Key";
    Handshake answer = server.shake(GOOD.replace("Sec-WebSocket-Key", wish));
    assertEquals(101, answer.status(), answer.head());
    assertFalse(answer.head().contains("deflate"), answer.head());
    assertTrue(answer.head().contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), answer.head());
  }

  @Test
  void aPageOfThisSiteMayWatch() {
    Handshake answer =
        server.shake(GOOD.replace("Host: here", "Host: Here:8080\r\nOrigin: http://here:8080"));
    assertEquals(101, answer.status(), answer.head());
  }

  @ParameterizedTest
  @CsvSource({
    "Sec-WebSocket-Version: 13, Sec-WebSocket-Version: 12, 426",
    "Upgrade: websocket, Upgrade: other, 426",
    "Sec-WebSocket-Key, X-Key, 400",
    "Connection: Upgrade, Connection: close, 400"
  })
  void aWrongHandshakeIsRefused(String part, String other, int status) {
    Handshake answer = server.shake(GOOD.replace(part, other));
    assertEquals(status, answer.status(), answer.head());
    await().atMost(PATIENCE).until(() -> server.figure("streams_connections", "kind", "ws") == 0);
    assertEquals(0, server.streams.registers.size());
  }

  @Test
  void whatIsNoHandshakeIsToldSo() {
    Answer plain = server.get("/streams/a/ws");
    assertEquals(426, plain.status());
    assertEquals("websocket", plain.header("Upgrade"));
  }

  @Test
  void aStreamThatIsNotThereIsNotFound() {
    Handshake answer = server.shake(GatewayServer.handshake("/streams/none/ws"));
    assertEquals(404, answer.status());
    assertEquals("stream_id: there is no such stream", answer.detail());
    assertTrue(answer.head().contains("application/problem+json"), answer.head());
    assertEquals(0, server.streams.watches.get());
  }

  @Test
  void noCookieIsSet() {
    String head = server.shake(GOOD).head();
    assertFalse(head.contains("Set-Cookie"), head);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: http://evil.example",
        "Origin: null",
        "Origin: http://here:1",
        "Origin: %",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site"
      })
  void pagesOfOtherSitesAreRefused(String header) {
    Handshake answer = server.shake(GOOD.replace("Host: here", "Host: here\r\n" + header));
    assertEquals(403, answer.status(), answer.head());
    assertTrue(header.startsWith(answer.detail().substring(0, 6)), answer.detail());
    assertEquals(0, server.streams.commands.size());
  }
}
