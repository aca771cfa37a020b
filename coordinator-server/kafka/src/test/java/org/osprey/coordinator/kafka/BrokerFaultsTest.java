package org.osprey.coordinator.kafka;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.kafka.KafkaSettings.GroupProtocol;

/**
 * What a source does when its broker goes away; the faults with a load are in the integration
 * tests.
 */
class BrokerFaultsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration RECOVERY = Duration.ofSeconds(15);

  private static final KafkaBroker broker = KafkaBroker.start();

  private final String topic = SharedBroker.name();
  private final TestKafka kafka = new TestKafka(broker.bootstrapServers());
  private final TestWorkers workers = new TestWorkers(1000);
  private final KafkaSettings settings =
      KafkaSettings.builder(broker.bootstrapServers(), topic, topic)
          .commitInterval(Duration.ofMillis(100))
          .closeTimeout(Duration.ofSeconds(3))
          .build();
  private final DeadLetterTopic deadLetters = new DeadLetterTopic(settings);
  private final KafkaSource source =
      new KafkaSource(
          settings, new TestDecoder(), new KafkaDeadLetters(deadLetters), Ticker.system());

  @AfterAll
  static void stopBroker() {
    broker.close();
    assertFalse(broker.isRunning());
    assertFalse(Files.exists(broker.logFile()));
  }

  @BeforeEach
  void createTopic() {
    if (!broker.isRunning()) {
      broker.restart();
    }
    kafka.createTopic(topic, 2);
    deadLetters.start();
  }

  @AfterEach
  void close() {
    source.close();
    deadLetters.close();
    kafka.close();
  }

  @Test
  void goesOnAfterTheBrokerWasKilled() {
    kafka.produceIds(topic, 2, 0, 100);
    source.start(workers.dispatcher());
    await().atMost(PATIENCE).until(() -> workers.waiting() == 100);
    broker.kill();
    workers.ackAll();
    await().atMost(PATIENCE).until(() -> !source.check().healthy());
    assertTrue(
        source.check().detail().contains("kafka.bootstrapServers=" + broker.bootstrapServers()),
        source.check().detail());

    broker.restart();
    await()
        .atMost(RECOVERY)
        .untilAsserted(() -> assertEquals(Map.of(0, 50L, 1, 50L), kafka.committed(topic)));
    kafka.produceIds(topic, 2, 100, 200);
    ackUntil(200);
    await().atMost(RECOVERY).until(() -> source.check().healthy());
  }

  @Test
  void startsBeforeItsBroker() {
    kafka.produceIds(topic, 2, 0, 10);
    broker.stop();
    source.start(workers.dispatcher());
    await().atMost(PATIENCE).until(() -> source.check().detail().contains("no broker answers"));

    broker.restart();
    ackUntil(10);
    await().atMost(RECOVERY).until(() -> source.check().healthy());
  }

  @Test
  void closesInTimeWithoutABroker() {
    kafka.produceIds(topic, 2, 0, 10);
    source.start(workers.dispatcher());
    await().atMost(PATIENCE).until(() -> workers.waiting() == 10);
    broker.kill();
    workers.ackAll();

    assertTimeout(Duration.ofSeconds(15), source::close);
  }

  @Test
  void usesTheClassicProtocolWithAnOlderBroker() {
    try (KafkaBroker older =
            KafkaBroker.start(Map.of("group.coordinator.rebalance.protocols", "classic"));
        TestKafka olderKafka = new TestKafka(older.bootstrapServers())) {
      olderKafka.createTopic("actions", 2);
      olderKafka.produceIds("actions", 2, 0, 10);
      KafkaSettings auto =
          KafkaSettings.builder(older.bootstrapServers(), "actions", "group")
              .groupProtocol(GroupProtocol.AUTO)
              .build();
      try (KafkaSource other =
          new KafkaSource(
              auto, new TestDecoder(), new KafkaDeadLetters(deadLetters), Ticker.system())) {
        other.start(workers.dispatcher());
        ackUntil(10);
        assertEquals("Classic", olderKafka.groupType("group"));
      }
    }
  }

  private void ackUntil(int total) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              workers.ackAll();
              return workers.acked().size() == total;
            });
  }
}
