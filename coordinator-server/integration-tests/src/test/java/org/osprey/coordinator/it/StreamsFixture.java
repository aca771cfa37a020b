package org.osprey.coordinator.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.osprey.coordinator.app.Composition;
import org.osprey.coordinator.app.Coordinator;
import org.osprey.coordinator.app.config.ConfigLoader;
import org.osprey.coordinator.ctl.api.Json;
import tools.jackson.databind.JsonNode;

/** A coordinator that has streams, on free ports. */
final class StreamsFixture implements AutoCloseable {
  private static final int FIRST_REFUSAL = 300;

  private final Coordinator coordinator;
  private final HttpClient client = HttpClient.newHttpClient();

  /**
   * @param folder for the database
   */
  StreamsFixture(Path folder) {
    this(folder, "");
  }

  /**
   * @param folder for the database
   * @param more settings of streams, each with a comma before it
   */
  StreamsFixture(Path folder, String more) {
    try {
      Path file = Files.writeString(folder.resolve("streams.yaml"), settings(folder, more));
      coordinator = Composition.compose(ConfigLoader.load(file, Map.of()).config());
      coordinator.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String settings(Path folder, String more) {
    return """
    rpc: {bindAddress: 127.0.0.1, workerPort: 0, syncPort: 0}
    http: {bindAddress: 127.0.0.1, port: 0}
    startup: {warmUp: 0s}
    database: {file: %s}
    streams: {enabled: true%s}
    """
        .formatted(folder.resolve("streams.db"), more);
  }

  /** Settings for streams that go over NATS. */
  static String over(String natsUrl) {
    return ", natsServers: [\"%s\"]".formatted(natsUrl);
  }

  int httpPort() {
    return coordinator.httpPort();
  }

  int workerPort() {
    return coordinator.workerPort();
  }

  String url() {
    return "http://127.0.0.1:" + coordinator.httpPort();
  }

  /** With the scenes Intro, Main and Outro, each of ten minutes. */
  void create(String id) throws IOException, InterruptedException {
    String scene = "{\"name\":\"%s\",\"duration_ms\":600000}";
    String scenes =
        String.join(
            ",", scene.formatted("Intro"), scene.formatted("Main"), scene.formatted("Outro"));
    exchange(
        request("/streams")
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    "{\"stream_id\":\"%s\",\"scenes\":[%s]}".formatted(id, scenes))));
  }

  JsonNode stream(String id) {
    try {
      return exchange(request("/streams/" + id).GET());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** How many connections watch. */
  long watchers(String id) {
    return stream(id).path("subscribers").path("total").asLong(-1);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url() + path));
  }

  private JsonNode exchange(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
    assertTrue(response.statusCode() < FIRST_REFUSAL, response::body);
    return Json.read(response.body());
  }

  @Override
  public void close() {
    client.close();
    coordinator.close();
  }
}
