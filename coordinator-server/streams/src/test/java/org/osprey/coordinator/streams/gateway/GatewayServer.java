package org.osprey.coordinator.streams.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.HistogramStats;
import org.osprey.coordinator.core.ManualTicker;
import org.osprey.coordinator.http.HttpServer;
import org.osprey.coordinator.http.HttpSettings;
import tools.jackson.databind.JsonNode;

/** The gateway on a port of its own, before streams that answer as a test says. */
final class GatewayServer implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  final FakeStreams streams = new FakeStreams();
  final ManualTicker ticker = new ManualTicker();
  final StreamRoutes routes;
  private final HttpServer http;

  GatewayServer() {
    this(GatewaySettings.DEFAULTS);
  }

  GatewayServer(GatewaySettings settings) {
    routes = new StreamRoutes(streams, settings, ticker, new Random(1));
    http =
        new HttpServer(
            new HttpSettings(
                0, "127.0.0.1", 4 << 20, 1000, Duration.ofMinutes(1), 10, Duration.ofSeconds(5)),
            List.of(routes));
    try {
      http.start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    routes.start();
  }

  /** What came back. */
  record Answer(int status, String body, HttpResponse<String> response) {
    JsonNode json() {
      return Fields.MAPPER.readTree(body);
    }

    /** Of a problem. */
    String detail() {
      return json().get("detail").asString();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  Answer get(String path, String... headers) {
    HttpRequest.Builder request = request(path).GET();
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  @CanIgnoreReturnValue
  Answer post(String path) {
    return send(request(path).POST(BodyPublishers.noBody()));
  }

  @CanIgnoreReturnValue
  Answer post(String path, String json) {
    return send(request(path).header("Content-Type", "application/json").POST(body(json)));
  }

  @CanIgnoreReturnValue
  Answer put(String path, String json) {
    return send(request(path).header("Content-Type", "application/json").PUT(body(json)));
  }

  private static HttpRequest.BodyPublisher body(String json) {
    return BodyPublishers.ofString(json);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
        .timeout(PATIENCE);
  }

  private static Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response = CLIENT.send(request.build(), BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body(), response);
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  /** A WebSocket that is open. */
  WatchingClient watch(String path) {
    return WatchingClient.open(CLIENT, URI.create("ws://127.0.0.1:" + port() + path));
  }

  /**
   * @param receiveBuffer bytes
   */
  Socket connect(int receiveBuffer) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(receiveBuffer);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()));
    socket.setSoTimeout((int) PATIENCE.toMillis());
    return socket;
  }

  /**
   * What came back to a handshake.
   *
   * @param body empty when it is no problem
   */
  record Handshake(int status, String head, String body) {
    /** Of a problem. */
    String detail() {
      return Fields.MAPPER.readTree(body).get("detail").asString();
    }
  }

  Handshake shake(String handshake) {
    try (Socket socket = connect(64 * 1024)) {
      socket.getOutputStream().write(handshake.getBytes(UTF_8));
      InputStream in = socket.getInputStream();
      String head = upTo("\r\n\r\n", in);
      int status = Integer.parseInt(head.substring(9, 12));
      // A problem is one object without others in it.
      String body = head.contains("problem+json") ? upTo("}", in) : "";
      return new Handshake(status, head, body.substring(Math.max(0, body.indexOf('{'))));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String upTo(String end, InputStream in) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(end) < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("ended after: " + read);
      }
      read.append((char) next);
    }
    return read.toString();
  }

  /** A handshake as a client of the WebSocket protocol writes it. */
  static String handshake(String path) {
    return "GET %s HTTP/1.1\r\n".formatted(path)
        + "Host: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
  }

  int port() {
    return http.port();
  }

  /** The number that the gateway tells; its labels in the order of their telling. */
  double figure(String name, String... labels) {
    ConcurrentHashMap<String, Double> told = new ConcurrentHashMap<>();
    routes.tell(
        new Figures() {
          @Override
          public void counter(String counter, String help, long value, String... its) {
            told.put(counter + List.of(its), (double) value);
          }

          @Override
          public void gauge(String gauge, String help, double value, String... its) {
            told.put(gauge + List.of(its), value);
          }

          @Override
          public void histogram(
              String histogram, String help, HistogramStats durations, String... its) {
            throw new AssertionError(histogram);
          }
        });
    return told.getOrDefault(name + List.of(labels), Double.NaN);
  }

  @Override
  public void close() {
    routes.close();
    http.close();
  }
}
