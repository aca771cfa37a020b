package org.osprey.coordinator.tracing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Takes spans over HTTP as a collector does. */
final class OtlpReceiver implements AutoCloseable {
  private final HttpServer server;
  private final int status;
  private final Queue<String> bodies = new ConcurrentLinkedQueue<>();

  private OtlpReceiver(HttpServer server, int status) {
    this.server = server;
    this.status = status;
  }

  /**
   * @param status of every answer
   */
  static OtlpReceiver start(int status) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      OtlpReceiver receiver = new OtlpReceiver(server, status);
      server.createContext("/v1/traces", receiver::take);
      server.start();
      return receiver;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** What came, each byte a character. */
  String received() {
    return String.join("", bodies);
  }

  int requests() {
    return bodies.size();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      bodies.add(new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1));
      exchange.sendResponseHeaders(status, -1);
    }
  }
}
