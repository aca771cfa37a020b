package org.osprey.coordinator.tasks.samples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One service of {@link SampleServices}: {@code POST /<name>} is a call, {@code GET /<name>/counts}
 * tells of all calls.
 */
public final class SampleService implements AutoCloseable {
  private static final int MAX_BODY = 1 << 20;
  private static final int BACKLOG = 1_000;

  private final String name;
  private final Behaviour behaviour;
  private final Supplier<? extends RandomGenerator> random;
  private final HttpServer server;

  /**
   * What was answered, by Idempotency-Key: the same call again has the same answer, for as long as
   * this runs.
   */
  private final Map<String, String> answers = new ConcurrentHashMap<>();

  private final AtomicLong calls = new AtomicLong();
  private final AtomicLong effects = new AtomicLong();

  /**
   * How a service takes a call.
   *
   * @param delay before it answers
   * @param fail share of calls that answer 500
   * @param stall share of calls whose answer begins and never ends
   */
  public record Behaviour(Duration delay, double fail, double stall) {
    /** It answers at once and always. */
    public static final Behaviour QUICK = new Behaviour(Duration.ZERO, 0, 0);
  }

  SampleService(
      String name, int port, Behaviour behaviour, Supplier<? extends RandomGenerator> random)
      throws IOException {
    this.name = name;
    this.behaviour = behaviour;
    this.random = random;
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try {
      server = HttpServer.create(address, BACKLOG);
    } catch (IOException e) {
      throw new IOException("cannot open port %d of %s: %s".formatted(port, name, e), e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/" + name, this::serve);
    server.createContext("/" + name + "/counts", this::tell);
    server.start();
  }

  public String name() {
    return name;
  }

  public URI url() {
    return URI.create("http://127.0.0.1:%d/%s".formatted(server.getAddress().getPort(), name));
  }

  /** Calls that came, whatever became of them. */
  public long calls() {
    return calls.get();
  }

  /** Calls that were carried out; a repeated one counts once. */
  public long effects() {
    return effects.get();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    calls.incrementAndGet();
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
    if (!exchange.getRequestMethod().equals("POST") || body.length > MAX_BODY) {
      answer(exchange, body.length > MAX_BODY ? 413 : 405, "{}");
      return;
    }
    pause();
    double luck = random.get().nextDouble();
    if (luck < behaviour.fail()) {
      answer(exchange, 500, "{\"status\":\"error\",\"message\":\"as told\"}");
    } else if (luck < behaviour.fail() + behaviour.stall()) {
      stall(exchange);
    } else {
      String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
      answer(exchange, 200, outcome(key, new String(body, UTF_8)));
    }
  }

  private void tell(HttpExchange exchange) throws IOException {
    answer(exchange, 200, "{\"calls\":%d,\"effects\":%d}".formatted(calls(), effects()));
  }

  private String outcome(@Nullable String key, String items) {
    if (key == null) {
      effects.incrementAndGet();
      return success(items);
    }
    return answers.computeIfAbsent(
        key,
        first -> {
          effects.incrementAndGet();
          return success(items);
        });
  }

  private static String success(String items) {
    return "{\"status\":\"success\",\"data\":" + items + "}";
  }

  private void pause() {
    try {
      Thread.sleep(behaviour.delay());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One byte a second, for longer than anybody waits. */
  private static void stall(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 3_600);
    for (int i = 0; i < 3_600; i++) {
      exchange.getResponseBody().write(' ');
      exchange.getResponseBody().flush();
      try {
        Thread.sleep(Duration.ofSeconds(1));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] bytes = json.getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
