package org.osprey.coordinator.ctl;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** Answers as it is told: faults that a real coordinator does not have at a wish. */
final class FakeCoordinator implements AutoCloseable {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final HttpServer server;
  private final String scheme;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> authorizations = new LinkedBlockingQueue<>();

  record Answer(int status, String mediaType, String body, Map<String, String> headers) {}

  /** What came. */
  record Request(String line, String mediaType, String body) {}

  FakeCoordinator() {
    this(create(), "http://");
  }

  private FakeCoordinator(HttpServer server, String scheme) {
    this.server = server;
    this.scheme = scheme;
    server.createContext("/", this::answer);
    server.start();
  }

  /** With TLS; asks for the caller's certificate where the context knows some. */
  static FakeCoordinator tls(SSLContext context, boolean wantsCertificate) throws IOException {
    HttpsServer server = HttpsServer.create(ANY_PORT, 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters ours = context.getDefaultSSLParameters();
            ours.setNeedClientAuth(wantsCertificate);
            parameters.setSSLParameters(ours);
          }
        });
    return new FakeCoordinator(server, "https://");
  }

  private static HttpServer create() {
    try {
      return HttpServer.create(ANY_PORT, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return scheme + "127.0.0.1:" + port();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** From now on, on that path. */
  FakeCoordinator answering(String path, int status, String mediaType, String body) {
    answers.put(path, new Answer(status, mediaType, body, Map.of()));
    return this;
  }

  FakeCoordinator answering(String path, Answer answer) {
    answers.put(path, answer);
    return this;
  }

  List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Of each request, "null" without one. */
  List<String> authorizations() {
    return List.copyOf(authorizations);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String type = exchange.getRequestHeaders().getFirst("Content-Type");
      authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      requests.add(
          new Request(
              exchange.getRequestMethod() + " " + exchange.getRequestURI(),
              type == null ? "" : type,
              body));
      Answer answer =
          answers.getOrDefault(
              exchange.getRequestURI().getPath(), new Answer(404, "text/html", "<html>", Map.of()));
      exchange.getResponseHeaders().set("Content-Type", answer.mediaType());
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      byte[] bytes = answer.body().getBytes(UTF_8);
      exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}
