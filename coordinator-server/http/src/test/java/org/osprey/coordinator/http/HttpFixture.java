package org.osprey.coordinator.http;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.contract.Workers;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.DeadLetterOperations;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.Sources;
import org.osprey.coordinator.core.Ticker;
import tools.jackson.databind.JsonNode;

/** The operator's routes on a real port, before a real dispatcher and parts in memory. */
final class HttpFixture implements AutoCloseable {
  static final int MAX_BODY = 10_000;

  private static final Duration USUAL_IDLE = Duration.ofMinutes(1);

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  final InMemoryDeadLetters deadLetters = new InMemoryDeadLetters();
  final Workers workers = new Workers(1_000, deadLetters);
  final FakeSource source = new FakeSource();
  final List<Check> checks = new ArrayList<>(List.of(Check.ok("database", "there")));
  final List<Check> loops = new ArrayList<>(List.of(Check.ok("ticks", "running")));
  final AtomicInteger drains = new AtomicInteger();
  volatile Operator.Phase phase = Operator.Phase.RUNNING;
  private final boolean encrypted;
  private final HttpServer server;

  HttpFixture() {
    this(true);
  }

  /**
   * @param keepsLetters whether dead letters are kept where they can be looked at
   */
  HttpFixture(boolean keepsLetters) {
    this(keepsLetters, USUAL_IDLE, HttpSecurity.open(), new HttpRoutes[0]);
  }

  /** For those only whom it lets in. */
  HttpFixture(HttpSecurity security, HttpRoutes... more) {
    this(true, USUAL_IDLE, security, more);
  }

  HttpFixture(Duration idleTimeout, HttpSecurity security) {
    this(true, idleTimeout, security, new HttpRoutes[0]);
  }

  private HttpFixture(
      boolean keepsLetters, Duration idleTimeout, HttpSecurity security, HttpRoutes... more) {
    encrypted = security.tls() != null;
    Operator operator =
        new Operator(
            workers.dispatcher(),
            new Sources(Map.of("orders", source)),
            keepsLetters ? operations() : null,
            () -> checks,
            () -> phase,
            "orders",
            drains::incrementAndGet);
    HttpSettings settings =
        new HttpSettings(0, "127.0.0.1", MAX_BODY, 100, idleTimeout, 10, Duration.ofSeconds(5));
    server =
        new HttpServer(
            settings,
            Stream.concat(
                    Stream.of(
                        new HealthRoutes(operator, () -> loops, List.of(), null),
                        new SteeringRoutes(operator, InstantSource.system()),
                        new DeadLetterRoutes(operator),
                        new DocsRoutes()),
                    Stream.of(more))
                .toList(),
            security);
    try {
      server.start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private DeadLetterOperations operations() {
    return new DeadLetterOperations(
        deadLetters, workers.dispatcher(), message -> null, Ticker.system());
  }

  /** What came back. */
  record Answer(int status, String type, String body, HttpResponse<String> response) {
    JsonNode json() {
      return Json.MAPPER.readTree(body);
    }

    /** Of a problem. */
    String detail() {
      return json().get("detail").asString();
    }
  }

  Answer get(String path) {
    return send(request(path).GET());
  }

  @CanIgnoreReturnValue
  Answer post(String path) {
    return send(request(path).POST(BodyPublishers.noBody()));
  }

  @CanIgnoreReturnValue
  Answer post(String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  HttpRequest.Builder request(String path) {
    String scheme = encrypted ? "https" : "http";
    return HttpRequest.newBuilder(
        URI.create("%s://127.0.0.1:%d%s".formatted(scheme, port(), path)));
  }

  int port() {
    return server.port();
  }

  Answer send(HttpRequest.Builder request) {
    return send(CLIENT, request);
  }

  Answer send(HttpClient client, HttpRequest.Builder request) {
    try {
      HttpResponse<String> response =
          client.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
      @Nullable String type = response.headers().firstValue("Content-Type").orElse("");
      return new Answer(
          response.statusCode(), type.replaceFirst(";.*", ""), response.body(), response);
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    server.close();
    workers.close();
  }
}
