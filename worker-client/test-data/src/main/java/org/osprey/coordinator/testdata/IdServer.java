package org.osprey.coordinator.testdata;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.osprey.coordinator.snowflake.LocalIds;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A snowflake service: {@code POST /generate} with {@code {"count": N}} is answered with an array
 * of N ids, {@code GET /health} with 200.
 */
final class IdServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(IdServer.class);
  private static final int MAX_BODY = 1024;
  private static final int MAX_IDS = 100_000;
  private static final JsonFactory JSON = new JsonFactory();

  private final LocalIds ids;
  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * @param port 0 takes any free one
   * @param dataCenter 0 to 31; with {@code worker} unique among all that make ids
   * @param worker 0 to 31
   */
  record Settings(String address, int port, int dataCenter, int worker) {

    static Settings read(Variables variables) {
      Settings settings =
          new Settings(
              variables.text("BIND_ADDRESS", "0.0.0.0"),
              variables.whole("PORT", 8088, 0, 65_535),
              variables.whole("DATA_CENTER_ID", 0, 0, LocalIds.RESERVED),
              variables.whole("WORKER_ID", 0, 0, LocalIds.RESERVED));
      variables.check();
      return settings;
    }

    /** Returns when it was told to stop. */
    void serve(Stop stop) throws ProgramFailedException, InterruptedException {
      try (IdServer server = new IdServer(this)) {
        log.info(
            "snowflake service: http://{}:{}/generate data_center_id={} worker_id={}",
            address,
            server.port(),
            dataCenter,
            worker);
        stop.await();
      } catch (IOException e) {
        throw new ProgramFailedException(
            "cannot listen on %s:%d (PORT): %s".formatted(address, port, e.getMessage()), e);
      }
    }
  }

  /** Listens when it returns. */
  IdServer(Settings settings) throws IOException {
    ids = new LocalIds(System::currentTimeMillis, settings.dataCenter(), settings.worker());
    server = HttpServer.create(new InetSocketAddress(settings.address(), settings.port()), 0);
    server.setExecutor(executor);
    server.createContext("/", exchange -> answer(exchange, 404, "{\"error\": \"not found\"}"));
    server.createContext("/health", exchange -> answer(exchange, 200, "{\"status\": \"ok\"}"));
    server.createContext("/generate", this::generate);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }

  private void generate(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestMethod().equals("POST")) {
      answer(exchange, 405, "{\"error\": \"want POST\"}");
      return;
    }
    int count = count(exchange.getRequestBody());
    if (count < 1 || count > MAX_IDS) {
      answer(
          exchange,
          400,
          "{\"error\": \"want {\\\"count\\\": N} with N from 1 to %d\"}".formatted(MAX_IDS));
    } else {
      answer(exchange, 200, batch(count));
    }
  }

  /** Returns 0 for what says no number. */
  private static int count(InputStream body) throws IOException {
    byte[] bytes = body.readNBytes(MAX_BODY);
    int count = 0;
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return 0;
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean wanted = parser.currentName().equals("count");
        if (parser.nextToken() == JsonToken.VALUE_NUMBER_INT && wanted) {
          count = parser.getIntValue();
        } else {
          parser.skipChildren();
        }
      }
      return parser.currentToken() == JsonToken.END_OBJECT ? count : 0;
    } catch (JacksonException e) {
      return 0;
    }
  }

  private String batch(int count) {
    StringBuilder batch = new StringBuilder("[");
    for (int i = 0; i < count; i++) {
      batch.append(i == 0 ? "" : ",").append(Long.toUnsignedString(ids.next()));
    }
    return batch.append(']').toString();
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      byte[] bytes = body.getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}
