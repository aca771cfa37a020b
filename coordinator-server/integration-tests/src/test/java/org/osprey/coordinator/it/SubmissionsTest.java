package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.time.Instant;
import java.util.HashMap;
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
import org.osprey.coordinator.kafka.KafkaBroker;
import org.osprey.coordinator.nats.NatsServer;
import org.osprey.coordinator.nats.TestNats;
import org.osprey.coordinator.worker.Answer;
import org.osprey.coordinator.worker.ReceivedAction;
import org.osprey.coordinator.worker.StreamWorker;

/**
 * An action that is submitted over HTTP goes where the coordinator keeps them, comes back through a
 * source, and reaches a worker as it was sent.
 */
class SubmissionsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Queue<ReceivedAction> handled = new ConcurrentLinkedQueue<>();

  @AfterEach
  void closeClient() {
    client.close();
  }

  @Test
  void throughTheDatabase() throws Exception {
    try (Coordinator coordinator = start("none", Map.of(), "")) {
      assertEquals(
          List.of("database"), coordinator.sources().list().stream().map(Status::name).toList());
      reachesAWorker(coordinator);
      coordinator.sources().pause("database");
      handled.clear();
      submit(coordinator, "{\"id\":\"99\",\"name\":\"later\",\"data\":{}}");
      await().during(Duration.ofSeconds(1)).atMost(PATIENCE).until(handled::isEmpty);
      coordinator.sources().resume("database");
      try (StreamWorker worker = worker(coordinator)) {
        await().atMost(PATIENCE).until(() -> handled.size() == 1);
        assertEquals(0, worker.stats().nacked());
      }
      assertTrue(
          get(coordinator, "/health").contains("\"consumer_type\":\"none\""), "not configured");
    }
  }

  @Test
  void throughKafka() throws Exception {
    try (KafkaBroker broker = KafkaBroker.start(Map.of());
        KafkaTopics topics = new KafkaTopics(broker)) {
      topics.create("actions", 2);
      Map<String, String> environment =
          Map.of(
              "OSPREY_KAFKA_BOOTSTRAP_SERVERS",
              broker.bootstrapServers(),
              "OSPREY_KAFKA_INPUT_STREAM_TOPIC",
              "actions");
      try (Coordinator coordinator = start("kafka", environment, "")) {
        reachesAWorker(coordinator);
        assertFalse(Files.exists(folder.resolve("coordinator.db")), "nothing is kept in it");
      }
      assertEquals(3, topics.read("actions").size());
    }
  }

  @Test
  void throughNats() throws Exception {
    try (NatsServer server = NatsServer.start("");
        TestNats nats = new TestNats(server.url())) {
      nats.createStream("actions");
      String config =
          """
          nats: {servers: ["%s"], stream: actions, submitSubject: actions.http}
          results: {sink: none}
          """
              .formatted(server.url());
      try (Coordinator coordinator = start("nats", Map.of(), config)) {
        reachesAWorker(coordinator);
      }
      assertEquals(3, nats.count("actions"));
    }
  }

  private void reachesAWorker(Coordinator coordinator) throws Exception {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertEquals(
                    List.of(),
                    coordinator.checks().stream().filter(check -> !check.healthy()).toList()));
    submitLater(coordinator, Instant.now().plus(Duration.ofHours(1)));
    submit(
        coordinator,
        """
        {"id":"18446744073709551615","name":"login","data":{"a":1.0},"secret_data":{"s":1},
         "timestamp":"2001-02-03T04:05:06.789012345Z"}
        """);
    try (StreamWorker worker = worker(coordinator)) {
      await().atMost(PATIENCE).until(() -> !handled.isEmpty());
      ReceivedAction action = handled.remove();
      assertEquals("18446744073709551615", action.idText());
      assertEquals("login", action.name());
      assertEquals("{\"a\":1.0}", action.payload().bytes().toStringUtf8());
      assertEquals("{\"s\":1}", action.secret().toStringUtf8());
      assertEquals(Instant.parse("2001-02-03T04:05:06.789012345Z"), action.timestamp());
      Instant due = Instant.now().plusSeconds(1);
      submitLater(coordinator, due);
      await().atMost(PATIENCE).until(() -> !handled.isEmpty());
      assertFalse(Instant.now().isBefore(due));
      assertEquals("later", handled.remove().name());
      assertEquals(0, worker.stats().nacked());
    }
  }

  private void submitLater(Coordinator coordinator, Instant due) throws Exception {
    submit(coordinator, "{\"name\":\"later\",\"data\":{},\"not_before\":\"%s\"}".formatted(due));
  }

  private void submit(Coordinator coordinator, String action) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(address(coordinator, "/api/actions?mode=async"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(action))
            .build();
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    assertEquals(202, answer.statusCode(), answer::body);
  }

  private String get(Coordinator coordinator, String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(address(coordinator, path)).build();
    return client.send(request, BodyHandlers.ofString()).body();
  }

  private static URI address(Coordinator coordinator, String path) {
    return URI.create("http://127.0.0.1:%d%s".formatted(coordinator.httpPort(), path));
  }

  private Coordinator start(String sources, Map<String, String> more, String config)
      throws IOException {
    Path file = folder.resolve("config.yaml");
    Files.writeString(
        file,
        """
        rpc: {bindAddress: 127.0.0.1}
        http: {bindAddress: 127.0.0.1}
        startup: {warmUp: 0s}
        shutdown: {drain: 5s}
        database: {file: "%s"}
        kafka: {resultsTopic: actions.results, deadLetterTopic: actions.dead}
        %s
        """
            .formatted(folder.resolve("coordinator.db"), config));
    Map<String, String> environment = new HashMap<>(more);
    environment.put("OSPREY_COORDINATOR_CONSUMER_TYPE", sources);
    environment.put("OSPREY_COORDINATOR_BIDI_STREAM_PORT", "0");
    environment.put("OSPREY_COORDINATOR_SYNC_ACTION_PORT", "0");
    environment.put("OSPREY_COORDINATOR_HTTP_PORT", "0");
    Coordinator coordinator = Composition.compose(ConfigLoader.load(file, environment).config());
    coordinator.start();
    return coordinator;
  }

  private StreamWorker worker(Coordinator coordinator) {
    StreamWorker worker =
        StreamWorker.builder()
            .target("127.0.0.1:" + coordinator.workerPort())
            .handler(
                action -> {
                  handled.add(action);
                  return Answer.verdicts("seen");
                })
            .build();
    worker.start();
    return worker;
  }
}
