package org.osprey.coordinator.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.tasks.Attempt.Failed.Kind;

@Timeout(120)
class ServiceClientTest {
  private static final String ITEMS = "[{\"a\":1}]";

  private final ServiceClient client = new ServiceClient();
  private final CountDownLatch end = new CountDownLatch(1);
  private HttpServer server;
  private volatile String seen = "";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  @AfterEach
  void stop() {
    end.countDown();
    client.close();
    server.stop(0);
  }

  @Test
  void anAnswerIsKeptAsItCame() {
    answer(200, "{ \"status\" : \"success\", \"n\": 1.50 }");
    assertEquals(
        new Attempt.Succeeded("{ \"status\" : \"success\", \"n\": 1.50 }"), call(seconds(10)));
    assertEquals("POST key-1 application/json [{\"a\":1}]", seen);
  }

  @Test
  void anAnswerThatIsNotJsonIsRefused() {
    answer(200, "<html>");
    assertEquals(
        new Attempt.Refused("status 200 with an answer that is not JSON"), call(seconds(10)));
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504})
  void whatMayPassIsTriedAgain(int status) {
    answer(status, "sorry");
    Attempt.Failed failed = assertInstanceOf(Attempt.Failed.class, call(seconds(10)));
    assertEquals("status " + status + ": sorry", failed.error());
    assertEquals(Duration.ofSeconds(7), failed.retryAfter());
    assertEquals(status >= 500 ? Kind.BROKEN : Kind.BUSY, failed.kind());
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 400, 401, 404, 409, 422})
  void whatStaysIsRefused(int status) {
    answer(status, "no");
    assertEquals(new Attempt.Refused("status " + status + ": no"), call(seconds(10)));
  }

  @Test
  void aKeyThatIsOutstandingIsTriedAgain() {
    answer(409, "{\"title\":\"A request is outstanding for this Idempotency-Key\"}");
    assertInstanceOf(Attempt.Failed.class, call(seconds(10)));
  }

  @Test
  void anEndlessAnswerIsRefused() {
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream out = exchange.getResponseBody()) {
            byte[] part = new byte[64 * 1024];
            for (int i = 0; i < 1024; i++) {
              out.write(part);
            }
          }
        });
    assertEquals(new Attempt.Refused("an answer of more than 1048576 bytes"), call(seconds(30)));
  }

  @Test
  void theTimeOutCoversTheBody() {
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          awaitEnd();
        });
    Attempt.Failed failed = assertInstanceOf(Attempt.Failed.class, call(Duration.ofMillis(300)));
    assertEquals("no whole answer within 300 ms", failed.error());
    assertEquals(Kind.BROKEN, failed.kind());
  }

  @Test
  void aServiceThatIsNotThereWasNotReached() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    URI gone = URI.create("http://127.0.0.1:" + port);
    Attempt.Failed failed =
        assertInstanceOf(
            Attempt.Failed.class, client.call(gone, seconds(10), ITEMS, "key-1").join());
    assertTrue(failed.error().startsWith("ConnectException"), failed.error());
    assertEquals(Kind.NOT_REACHED, failed.kind());
  }

  @Test
  void aBrokenConnectionLeavesItOpen() {
    server.createContext("/", HttpExchange::close);
    Attempt.Failed failed = assertInstanceOf(Attempt.Failed.class, call(seconds(10)));
    assertEquals(Kind.BROKEN, failed.kind());
  }

  private void answer(int status, String body) {
    server.createContext(
        "/",
        exchange -> {
          seen =
              "%s %s %s %s"
                  .formatted(
                      exchange.getRequestMethod(),
                      exchange.getRequestHeaders().getFirst("Idempotency-Key"),
                      exchange.getRequestHeaders().getFirst("Content-Type"),
                      new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          exchange.getResponseHeaders().add("Retry-After", "7");
          byte[] bytes = body.getBytes(UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  private void awaitEnd() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Attempt call(Duration timeout) {
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/revenue");
    return client.call(url, timeout, ITEMS, "key-1").join();
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }
}
