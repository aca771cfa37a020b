package org.osprey.coordinator.collectors.gateway;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.osprey.coordinator.http.HttpServer;
import org.osprey.coordinator.http.HttpSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The routes on a port of their own, before collectors that are as a test says. */
final class CollectorServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  final FakeCollectors collectors = new FakeCollectors();
  private final HttpServer http =
      new HttpServer(
          new HttpSettings(0, "127.0.0.1", 4 << 20, 100, Duration.ofMinutes(1), 10, PATIENCE),
          List.of(new CollectorRoutes(collectors)));

  CollectorServer() {
    try {
      http.start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What came back. */
  record Answer(int status, String body) {
    JsonNode json() {
      return JsonMapper.shared().readTree(body);
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
  Answer post(String path, String... headers) {
    HttpRequest.Builder request = request(path).POST(BodyPublishers.noBody());
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http.port() + path))
        .timeout(PATIENCE);
  }

  private static Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response = CLIENT.send(request.build(), BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
