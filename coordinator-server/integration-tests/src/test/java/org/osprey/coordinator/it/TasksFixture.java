package org.osprey.coordinator.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.app.Composition;
import org.osprey.coordinator.app.Coordinator;
import org.osprey.coordinator.app.config.ConfigLoader;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.tasks.samples.SampleService;
import org.osprey.coordinator.tasks.samples.SampleServices;

/** A coordinator that takes tasks, on free ports, and the sample services that it calls. */
final class TasksFixture implements AutoCloseable {
  /** The request of the README that tasks promise to serve. */
  static final String SEED =
      """
      {
        "task_name": "Compute Financial Metrics",
        "task_description": "Compute revenue, rebates, and specialty metrics",
        "payload": [
          {
            "revenue": {"scenario_id": "s1", "business_type_id": "b1"},
            "rebates": {"scenario_id": "s1", "business_type_id": "b1"},
            "specialty": {"scenario_id": "s1", "business_type_id": "b1"}
          }
        ]
      }
      """;

  private final SampleServices services;
  private final Coordinator coordinator;

  /**
   * @param folder for the database
   */
  TasksFixture(Path folder, SampleService.Behaviour behaviour) {
    this(folder, behaviour, "file: " + folder.resolve("tasks.db"));
  }

  /**
   * @param database its settings, in YAML
   */
  TasksFixture(Path folder, SampleService.Behaviour behaviour, String database) {
    try {
      services = new SampleServices(0, behaviour);
      Path file = Files.writeString(folder.resolve("tasks.yaml"), settings(database));
      coordinator = Composition.compose(ConfigLoader.load(file, Map.of()).config());
      coordinator.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String settings(String database) {
    return """
    rpc: {bindAddress: 127.0.0.1, workerPort: 0, syncPort: 0}
    http: {bindAddress: 127.0.0.1, port: 0}
    startup: {warmUp: 0s}
    database: {%s}
    tasks: {enabled: true, retries: 0, services: {%s}}
    """
        .formatted(database, TaskConfig.services(services));
  }

  String url() {
    return "http://127.0.0.1:" + coordinator.httpPort();
  }

  /**
   * Sends {@link #SEED}.
   *
   * @return the id of its task
   */
  String send() throws IOException, InterruptedException {
    return Json.read(exchange("/api/orchestrate", BodyPublishers.ofString(SEED)))
        .path("task_id")
        .asString();
  }

  /** Waits for the end of a task, and gives its status. */
  String await(String id) throws IOException, InterruptedException {
    return Json.read(exchange("/api/tasks/" + id + "?wait=60s", null)).path("status").asString();
  }

  private String exchange(String path, @Nullable BodyPublisher body)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + path));
      if (body != null) {
        request.header("Content-Type", "application/json").POST(body);
      }
      HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
      assertEquals(200, response.statusCode(), response.body());
      return response.body();
    }
  }

  @Override
  public void close() {
    coordinator.close();
    services.close();
  }
}
