package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.app.Composition;
import org.osprey.coordinator.app.Coordinator;
import org.osprey.coordinator.app.config.ConfigLoader;
import org.osprey.coordinator.core.Sources.Status;
import org.osprey.coordinator.worker.Answer;
import org.osprey.coordinator.worker.StreamWorker;

/** A service of tasks whose calls are made by workers. */
class TaskWorkersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String TASK =
      """
      {"task_name": "n", "task_description": "d", "payload": [
        {"score": {"user": "ada"}}, {"score": {"user": "bob"}}]}
      """;

  @TempDir private Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Queue<String> handled = new ConcurrentLinkedQueue<>();

  @AfterEach
  void closeClient() {
    client.close();
  }

  @Test
  void workersAnswerATask() throws Exception {
    try (Coordinator coordinator = start();
        StreamWorker worker = worker(coordinator)) {
      assertEquals(
          List.of("database", "tasks"),
          coordinator.sources().list().stream().map(Status::name).toList());
      String answer = post(coordinator, "/api/orchestrate/direct");
      assertTrue(answer.contains("\"status\":\"success\""), answer);
      assertTrue(answer.contains("\"verdicts\":[\"score: fine\"]"), answer);
      assertEquals(
          List.of("{\"items\":[{\"user\":\"ada\"}]}", "{\"items\":[{\"user\":\"bob\"}]}"),
          handled.stream().sorted().toList());
      assertEquals(0, worker.stats().nacked());
    }
  }

  @Test
  void aPauseKeepsThemInTheDatabase() throws Exception {
    try (Coordinator coordinator = start();
        StreamWorker worker = worker(coordinator)) {
      coordinator.sources().pause("tasks");
      String accepted = post(coordinator, "/api/orchestrate");
      await().atMost(PATIENCE).until(() -> get(coordinator, "/api/tasks").contains("IN_PROGRESS"));
      assertEquals(0, handled.size(), accepted);
      coordinator.sources().resume("tasks");
      await()
          .atMost(PATIENCE)
          .until(() -> get(coordinator, "/api/tasks").contains("\"COMPLETED\""));
      assertEquals(2, worker.stats().acked());
    }
  }

  private Coordinator start() throws IOException {
    Path file = folder.resolve("config.yaml");
    Files.writeString(
        file,
        """
        rpc: {bindAddress: 127.0.0.1, workerPort: 0, syncPort: 0}
        http: {bindAddress: 127.0.0.1, port: 0}
        startup: {warmUp: 0s}
        shutdown: {drain: 5s}
        database: {file: "%s"}
        tasks:
          enabled: true
          services:
            score: {pool: score_users, batch: item, backoff: 100ms}
        """
            .formatted(folder.resolve("coordinator.db")));
    Coordinator coordinator = Composition.compose(ConfigLoader.load(file, Map.of()).config());
    coordinator.start();
    return coordinator;
  }

  private StreamWorker worker(Coordinator coordinator) {
    StreamWorker worker =
        StreamWorker.builder()
            .target("127.0.0.1:" + coordinator.workerPort())
            .handler(
                action -> {
                  handled.add(action.payload().bytes().toStringUtf8());
                  return action.name().equals("score_users")
                      ? Answer.verdicts("score: fine")
                      : Answer.nack();
                })
            .build();
    worker.start();
    return worker;
  }

  private String post(Coordinator coordinator, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(address(coordinator, path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(TASK))
            .build();
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    assertEquals(200, answer.statusCode(), answer::body);
    return answer.body();
  }

  private String get(Coordinator coordinator, String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(address(coordinator, path)).build();
    return client.send(request, BodyHandlers.ofString()).body();
  }

  private static URI address(Coordinator coordinator, String path) {
    return URI.create("http://127.0.0.1:%d%s".formatted(coordinator.httpPort(), path));
  }
}
