package org.osprey.coordinator.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.app.Composition;
import org.osprey.coordinator.app.Coordinator;
import org.osprey.coordinator.app.config.ConfigLoader;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Sources.Status;
import org.osprey.coordinator.kafka.KafkaBroker;
import org.osprey.coordinator.nats.NatsServer;
import org.osprey.coordinator.nats.TestNats;
import org.osprey.coordinator.worker.Answer;
import org.osprey.coordinator.worker.StreamWorker;

/** Several sources in one coordinator, composed from settings as {@code Main} does it. */
class SeveralSourcesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration QUIET = Duration.ofSeconds(1);

  private static KafkaBroker broker;
  private static NatsServer nats;

  @TempDir private Path folder;

  private final Set<Long> handled = ConcurrentHashMap.newKeySet();

  @BeforeAll
  static void startServers() {
    broker = KafkaBroker.start(Map.of());
    nats = NatsServer.start("authorization { user: osprey, password: \"right\" }");
  }

  @AfterAll
  static void stopServers() {
    nats.close();
    broker.close();
  }

  @Test
  void eachIsReadPausedAndCheckedByName() throws IOException {
    RecordLedger ledger = new RecordLedger();
    try (KafkaTopics topics = new KafkaTopics(broker);
        TestNats actions = new TestNats(login())) {
      topics.create("together", 2);
      topics.create("together.results", 2);
      actions.createStream("together");
      try (Coordinator coordinator = start("kafka,nats", "together", "right");
          StreamWorker worker = worker(coordinator)) {
        for (long id = 1; id <= 100; id++) {
          topics.send("together", (int) (id % 2), "k" + id, RecordLoad.value(id), ledger);
          actions.publish("together.actions", RecordLoad.value(100 + id), Map.of());
        }
        awaitHandled(1, 200);

        coordinator.sources().pause("nats");
        topics.send("together", 0, "k301", RecordLoad.value(301), ledger);
        awaitHandled(301, 301);
        int pausedAt = handled.size();
        actions.publish("together.actions", RecordLoad.value(302), Map.of());
        await().during(QUIET).atMost(PATIENCE).until(() -> handled.size() == pausedAt);
        coordinator.sources().resume("nats");
        awaitHandled(302, 302);

        assertEquals(
            List.of("kafka", "nats"),
            coordinator.sources().list().stream().map(Status::name).toList());
        assertTrue(coordinator.checks().stream().allMatch(Check::healthy));
        assertEquals(0, worker.stats().nacked());
      }
      assertEquals(
          ids(1, 200, 301, 302),
          topics.read("together.results").stream()
              .map(record -> new String(record.key(), UTF_8))
              .collect(Collectors.toSet()));
    }
  }

  @Test
  void sourcesInTroubleSayWhichSettingAndTheOthersGoOn() throws IOException {
    RecordLedger ledger = new RecordLedger();
    try (KafkaTopics topics = new KafkaTopics(broker)) {
      topics.create("alone", 1);
      try (Coordinator coordinator = start("kafka,nats,pubsub", "alone", "wrong");
          StreamWorker worker = worker(coordinator)) {
        await()
            .atMost(PATIENCE)
            .until(
                () ->
                    fails(coordinator, "nats", "nats.user")
                        && fails(coordinator, "pubsub", "pubsub."));
        for (long id = 1; id <= 100; id++) {
          topics.send("alone", 0, "k" + id, RecordLoad.value(id), ledger);
        }
        awaitHandled(1, 100);
        assertTrue(status(coordinator, "kafka").check().healthy());
        assertEquals(0, worker.stats().nacked());
      }
    }
  }

  private Coordinator start(String sources, String topic, String password) throws IOException {
    Path file = folder.resolve("config.yaml");
    Files.writeString(
        file,
        """
        rpc: {bindAddress: 127.0.0.1}
        results: {includeVerdicts: true}
        kafka: {resultsTopic: %s.results}
        nats:
          servers: ["%s"]
          user: osprey
          password: "%s"
          stream: together
        pubsub: {emulatorHost: "127.0.0.1:1"}
        shutdown: {drain: 5s}
        """
            .formatted(topic, nats.url(), password));
    Map<String, String> environment = new HashMap<>();
    environment.put("OSPREY_COORDINATOR_CONSUMER_TYPE", sources);
    environment.put("OSPREY_COORDINATOR_BIDI_STREAM_PORT", "0");
    environment.put("OSPREY_COORDINATOR_SYNC_ACTION_PORT", "0");
    environment.put("OSPREY_COORDINATOR_HTTP_PORT", "0");
    environment.put("OSPREY_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers());
    environment.put("OSPREY_KAFKA_INPUT_STREAM_TOPIC", topic);
    environment.put("PUBSUB_SUBSCRIPTION_PROJECT_ID", "some-project");
    environment.put("PUBSUB_SUBSCRIPTION_ID", "some-subscription");
    Coordinator coordinator = Composition.compose(ConfigLoader.load(file, environment).config());
    coordinator.start();
    return coordinator;
  }

  private static Options login() {
    return Options.builder().server(nats.url()).userInfo("osprey", "right").build();
  }

  private StreamWorker worker(Coordinator coordinator) {
    StreamWorker worker =
        StreamWorker.builder()
            .target("127.0.0.1:" + coordinator.workerPort())
            .streams(8)
            .handler(
                action -> {
                  handled.add(Long.parseLong(action.idText()));
                  return Answer.verdicts("seen");
                })
            .build();
    worker.start();
    return worker;
  }

  private void awaitHandled(long first, long last) {
    List<Long> ids = LongStream.rangeClosed(first, last).boxed().toList();
    await().atMost(PATIENCE).until(() -> handled.containsAll(ids));
  }

  private static boolean fails(Coordinator coordinator, String source, String setting) {
    Check check = status(coordinator, source).check();
    return !check.healthy() && check.detail().contains(setting);
  }

  private static Status status(Coordinator coordinator, String source) {
    return coordinator.sources().list().stream()
        .filter(status -> status.name().equals(source))
        .findFirst()
        .orElseThrow();
  }

  private static Set<String> ids(long first, long last, long... others) {
    Set<String> ids = new HashSet<>();
    LongStream.concat(LongStream.rangeClosed(first, last), LongStream.of(others))
        .forEach(id -> ids.add(Long.toString(id)));
    return ids;
  }
}
