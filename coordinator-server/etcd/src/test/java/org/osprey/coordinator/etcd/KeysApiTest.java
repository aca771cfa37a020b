package org.osprey.coordinator.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osprey.coordinator.etcd.EtcdSettings.Credentials;
import org.osprey.coordinator.etcd.RegistryException.Kind;

/** The v2 API against servers that answer in every way but the right one, and in that too. */
class KeysApiTest {
  private static final String FOUND =
      "{\"action\":\"get\",\"node\":{\"key\":\"/k\",\"value\":\"v\"}}";

  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final CountDownLatch release = new CountDownLatch(1);
  private final HttpServer server = server();
  private final KeysApi api = new KeysApi(settings(Duration.ofSeconds(20)));
  private volatile HttpHandler handler = exchange -> answer(exchange, 200, FOUND);

  @BeforeEach
  void start() {
    server.setExecutor(executor);
    server.createContext("/", exchange -> handler.handle(exchange));
    server.start();
  }

  @AfterEach
  void close() {
    release.countDown();
    api.close();
    server.stop(0);
    executor.shutdownNow();
  }

  @Test
  void aPutIsAFormWithValueAndSeconds() throws RegistryException {
    List<String> seen = new CopyOnWriteArrayList<>();
    handler =
        exchange -> {
          seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
          seen.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          seen.add(exchange.getRequestHeaders().getFirst("Authorization"));
          seen.add(exchange.getProtocol());
          answer(exchange, 201, FOUND);
        };
    api.put(peer(), "/discovery/s/instances/fd00::1:5", "{\"a\":\"&\"}", Duration.ofSeconds(30));
    assertEquals(
        List.of(
            "PUT /v2/keys/discovery/s/instances/fd00::1:5",
            "value=%7B%22a%22%3A%22%26%22%7D&ttl=30",
            "Basic bWU6c2VjcmV0",
            "HTTP/1.1"),
        seen);
  }

  @Test
  void aKeyThatIsThereHasItsValue() throws RegistryException {
    assertEquals("v", api.get(peer(), "/k").value());
  }

  @Test
  void aKeyThatIsNotThereHasNone() throws RegistryException {
    handler = exchange -> answer(exchange, 404, "{\"errorCode\":100,\"cause\":\"/k\",\"index\":3}");
    assertNull(api.get(peer(), "/k").value());
    assertEquals(KeysAnswer.KEY_NOT_FOUND, api.delete(peer(), "/k").errorCode());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "404|404 page not found|NOT_OFFERED",
        "404|{\"message\":\"no such path\"}|NOT_OFFERED",
        "410|gone|NOT_OFFERED",
        "200|<html>|NO_ANSWER",
        "200|[]|NO_ANSWER",
        "200|{\"node\":|NO_ANSWER",
        "503|down|NO_ANSWER",
        "500|{\"errorCode\":300}|NO_ANSWER",
        "500|{\"errorCode\":301}|NO_ANSWER",
        "401|{\"errorCode\":110}|REFUSED",
        "401|who are you|REFUSED",
        "403|{\"errorCode\":107}|REFUSED",
      })
  void otherAnswersAreSorted(int status, String body, Kind kind) {
    handler = exchange -> answer(exchange, status, body);
    assertEquals(kind, failure().kind());
  }

  @Test
  void aConnectionThatIsClosedMeansNotOfferedUntilItOnceWas() throws RegistryException {
    HttpHandler right = handler;
    handler = HttpExchange::close;
    assertEquals(Kind.NOT_OFFERED, failure().kind());
    handler = right;
    api.get(peer(), "/k");
    handler = HttpExchange::close;
    assertEquals(Kind.NO_ANSWER, failure().kind());
  }

  @Test
  void aPortWhereNobodyIsGivesNoAnswer() {
    URI nobody = peer();
    server.stop(0);
    RegistryException failure = assertThrows(RegistryException.class, () -> api.get(nobody, "/k"));
    assertEquals(Kind.NO_ANSWER, failure.kind());
    assertEquals("etcd.peers=" + nobody + ": no answer", failure.trouble());
  }

  @Test
  void theTimeoutCoversTheBody() {
    handler =
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          awaitRelease();
        };
    try (KeysApi hasty = new KeysApi(settings(Duration.ofMillis(500)))) {
      RegistryException failure =
          assertTimeout(
              Duration.ofSeconds(10),
              () -> assertThrows(RegistryException.class, () -> hasty.get(peer(), "/k")));
      assertEquals(Kind.NO_ANSWER, failure.kind());
    }
  }

  @Test
  void aGiantBodyIsNotRead() {
    AtomicLong sent = new AtomicLong();
    handler = exchange -> giant(exchange, sent);
    failure();
    assertTrue(sent.get() < 100_000_000, () -> sent + " bytes were taken");
  }

  @Test
  void afterTheCloseNothingIsAsked() {
    api.close();
    api.close();
    failure();
  }

  private RegistryException failure() {
    return assertThrows(RegistryException.class, () -> api.get(peer(), "/k"));
  }

  private URI peer() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private EtcdSettings settings(Duration timeout) {
    return Servers.quick(peer())
        .requestTimeout(timeout)
        .credentials(new Credentials("me", "secret"))
        .build();
  }

  private static HttpServer server() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      byte[] bytes = body.getBytes(UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static void giant(HttpExchange exchange, AtomicLong sent) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    byte[] part = new byte[1 << 16];
    try (OutputStream body = exchange.getResponseBody()) {
      for (int i = 0; i < 1 << 14; i++) {
        body.write(part);
        sent.addAndGet(part.length);
      }
    }
  }

  private void awaitRelease() {
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
