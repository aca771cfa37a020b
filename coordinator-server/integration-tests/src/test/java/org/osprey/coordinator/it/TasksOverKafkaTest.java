package org.osprey.coordinator.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.http.Json;
import org.osprey.coordinator.kafka.KafkaBroker;
import org.osprey.coordinator.tasks.samples.SampleService;
import org.osprey.coordinator.tasks.samples.SampleServices;
import tools.jackson.databind.JsonNode;

/**
 * Tasks that go through a topic of a real broker, with the variables their users know. {@code
 * -Dfault.kills=20} kills more consumers.
 */
@Timeout(300)
class TasksOverKafkaTest {
  private static final int KILLS = Integer.getInteger("fault.kills", 3);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String TOPIC = "orchestrator-events";
  private static final String GROUP = "orchestrator-consumer-group";

  private static final String SEED =
      """
      {
        "task_name": "Compute Financial Metrics",
        "task_description": "Compute revenue, rebates, and specialty metrics for the given scenarios",
        "payload": [
          {
            "revenue": {
              "scenario_id": "123e4567-e89b-12d3-a456-426614174000",
              "business_type_id": "123e4567-e89b-12d3-a456-426614174001"
            },
            "rebates": {
              "scenario_id": "123e4567-e89b-12d3-a456-426614174000",
              "business_type_id": "123e4567-e89b-12d3-a456-426614174001"
            },
            "specialty": {
              "scenario_id": "123e4567-e89b-12d3-a456-426614174000",
              "business_type_id": "123e4567-e89b-12d3-a456-426614174001"
            }
          }
        ]
      }
      """;

  @TempDir private Path folder;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final RecordLedger ledger = new RecordLedger();
  private SampleServices services;
  private KafkaBroker broker;
  private KafkaTopics topics;
  private CoordinatorProcess coordinator;

  @BeforeEach
  void start() throws IOException {
    services = new SampleServices(0, SampleService.Behaviour.QUICK);
    broker =
        KafkaBroker.start(
            Map.of(
                "group.consumer.session.timeout.ms", "3000",
                "group.consumer.min.session.timeout.ms", "1000",
                "group.consumer.heartbeat.interval.ms", "500",
                "group.consumer.min.heartbeat.interval.ms", "500"));
    topics = new KafkaTopics(broker);
    topics.create(TOPIC, 1);
    coordinator = launch();
  }

  @AfterEach
  void stop() {
    coordinator.close();
    topics.close();
    broker.close();
    services.close();
  }

  @Test
  void theSeedsRequestGoesThroughTheTopic() {
    String id = submit();
    JsonNode task = ended(id);
    assertEquals("COMPLETED", task.get("status").asString());
    assertEquals(3, task.get("service_requests").size());
    List<ConsumerRecord<byte[], byte[]>> records = topics.read(TOPIC);
    assertEquals(1, records.size());
    assertEquals(id, new String(records.getFirst().key(), UTF_8));
    JsonNode message = Json.MAPPER.readTree(records.getFirst().value());
    assertEquals(id, message.get("task_id").asString());
    assertEquals(
        Json.MAPPER.readTree(SEED).get("payload").toString(), message.get("payload").toString());
    assertEquals("kafka", get("/health").get("event_hub_mode").asString());
    until(() -> topics.committed(GROUP).equals(Map.of(0, 1L)));
    assertEquals(3, effects());
  }

  @Test
  void messagesOfOthersBecomeTasksAndWhatIsNoneADeadLetter() {
    send("poison", "not json");
    send("unknown", "{\"task_name\":\"a\",\"task_description\":\"\",\"payload\":[{\"x\":{}}]}");
    send("theirs", SEED);
    until(() -> list().size() == 1);
    assertEquals(
        "COMPLETED", ended(list().get(0).get("task_id").asString()).get("status").asString());
    until(() -> topics.committed(GROUP).equals(Map.of(0, 3L)));
    assertEquals(2, get("/api/dead-letters").get("dead_letters").size());
    assertEquals(3, effects());
  }

  @Test
  void aTaskIsAcceptedWhileTheBrokerIsDownAndGoesOnWhenItIsBack() {
    ended(submit());
    broker.stop();
    String id = submit();
    assertEquals("PENDING", get("/api/tasks/" + id).get("status").asString());
    until(() -> get("/health").toString().contains("tasks.kafka.bootstrapServers="));
    broker.restart();
    assertEquals("COMPLETED", ended(id).get("status").asString());
    assertEquals(6, effects());
  }

  /** The database has tasks whose messages were not committed, so they come again. */
  @Test
  void consumersAreKilledBetweenTheDatabaseAndTheirCommit() {
    int sent = 1_200;
    for (int i = 0; i < sent; i++) {
      topics.send(TOPIC, 0, "theirs-" + i, SEED.getBytes(UTF_8), ledger);
    }
    topics.flush();
    long repeated = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      long enough = Math.min(stored() + 200, sent);
      until(() -> stored() >= enough);
      coordinator.kill();
      repeated += stored() - topics.committed(GROUP).getOrDefault(0, 0L);
      coordinator.close();
      coordinator = launch();
    }
    until(() -> topics.committed(GROUP).equals(Map.of(0, (long) sent)));
    until(() -> stored("status = 'COMPLETED'") == sent);
    System.out.printf("tasks over kafka: kills=%d sent=%d repeated=%d%n", KILLS, sent, repeated);
    assertTrue(repeated > 0, "no kill met a message between the database and its commit");
    assertEquals(sent, stored());
    assertEquals(3L * sent, effects());
  }

  /** Each has the database of the one before. */
  private CoordinatorProcess launch() {
    List<String> urls = new ArrayList<>();
    services.list().forEach(service -> urls.add(service.url().toString()));
    String config =
        """
        rpc: {bindAddress: 127.0.0.1}
        http: {bindAddress: 127.0.0.1}
        database: {file: "%s"}
        startup: {warmUp: 0s}
        tasks:
          services: {revenue: "%s", rebates: "%s", specialty: "%s"}
        """
            .formatted(database(), urls.get(0), urls.get(1), urls.get(2));
    return new CoordinatorProcess.Setup(folder, config)
        .environment("OSPREY_COORDINATOR_TASKS", "true")
        .environment("USE_KAFKA", "True")
        .environment("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers())
        .start();
  }

  private long stored() {
    return stored("1 = 1");
  }

  /** Asks the file, for there may be no coordinator. */
  private long stored(String condition) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select count(*) from tasks where " + condition)) {
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path database() {
    return folder.resolve("shared.db");
  }

  private long effects() {
    return services.list().stream().mapToLong(SampleService::effects).sum();
  }

  private void send(String key, String value) {
    topics.send(TOPIC, 0, key, value.getBytes(UTF_8), ledger);
    topics.flush();
  }

  private String submit() {
    HttpResponse<String> response =
        send(
            request("/api/orchestrate")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(SEED)));
    assertEquals(200, response.statusCode());
    return Json.MAPPER.readTree(response.body()).get("task_id").asString();
  }

  private JsonNode ended(String taskId) {
    return get("/api/tasks/" + taskId + "?wait=60s");
  }

  private JsonNode list() {
    return get("/api/tasks");
  }

  private JsonNode get(String path) {
    return Json.MAPPER.readTree(send(request(path).GET()).body());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + coordinator.httpPort() + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  private static void until(Callable<Boolean> fact) {
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(fact);
  }
}
