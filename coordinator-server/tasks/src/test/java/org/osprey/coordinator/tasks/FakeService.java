package org.osprey.coordinator.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A service that answers as the test says, and counts its effects by Idempotency-Key. */
final class FakeService implements AutoCloseable {
  final Set<String> effects = ConcurrentHashMap.newKeySet();
  final AtomicInteger calls = new AtomicInteger();
  volatile Answers answers = call -> 200;
  volatile String lastItems = "";
  private final HttpServer server;

  /** The status of each call, the first being 1. */
  @FunctionalInterface
  interface Answers {
    int status(int call);
  }

  FakeService() {
    this(0);
  }

  /**
   * @param port 0 takes a free one
   */
  FakeService(int port) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/work");
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String items = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    lastItems = items;
    int status = answers.status(calls.incrementAndGet());
    if (status == 200) {
      effects.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
    }
    byte[] body = "{\"status\":\"success\",\"data\":%s}".formatted(items).getBytes(UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
