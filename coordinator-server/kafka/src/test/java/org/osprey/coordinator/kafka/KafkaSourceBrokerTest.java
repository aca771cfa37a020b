package org.osprey.coordinator.kafka;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.osprey.coordinator.core.Lease;
import org.osprey.coordinator.core.Ticker;

class KafkaSourceBrokerTest {
  private static KafkaBroker broker;
  private static TestKafka kafka;

  private final List<AutoCloseable> opened = new ArrayList<>();
  private String topic;

  @BeforeAll
  static void startBroker() {
    broker = KafkaBroker.start();
    kafka = new TestKafka(broker.bootstrapServers());
  }

  @AfterAll
  static void stopBroker() {
    kafka.close();
    broker.close();
  }

  @BeforeEach
  void nameTopic(TestInfo test) {
    topic = test.getTestMethod().orElseThrow().getName();
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  @Test
  void commitsWhatIsAckedInAnyOrder() {
    kafka.createTopic(topic, 3);
    kafka.produceIds(topic, 3, 0, 5001);
    TestWorkers workers = new TestWorkers(20_000);
    KafkaSource source = start(settings().maxInFlight(10_000).build(), workers);
    await().until(() -> workers.waiting() == 5001);

    List<Lease> leases = new ArrayList<>(workers.takeLeased());
    Collections.shuffle(leases, new Random(7));
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      leases.forEach(lease -> threads.execute(() -> workers.ack(lease)));
    }

    await().untilAsserted(() -> assertEquals(ends(1667), kafka.committed(topic)));
    assertEquals(5001, workers.acked().size());
    assertTrue(workers.acked().values().stream().allMatch(times -> times == 1));
    KafkaSourceStats stats = source.stats();
    assertEquals(5001, stats.consumed());
    assertEquals(0, stats.undecodable());
    assertEquals(0, stats.commitFailures());
    assertEquals(0, stats.inFlight());
    assertEquals(0, stats.inFlightBytes());
    assertEquals(3, stats.assigned());
    assertNull(stats.oldest());
  }

  private static Map<Integer, Long> ends(long offset) {
    return Map.of(0, offset, 1, offset, 2, offset);
  }

  private KafkaSettings.Builder settings() {
    return KafkaSettings.builder(broker.bootstrapServers(), topic, topic)
        .commitInterval(Duration.ofMillis(100));
  }

  private KafkaSource start(KafkaSettings settings, TestWorkers workers) {
    DeadLetterTopic deadLetters = new DeadLetterTopic(settings);
    opened.add(deadLetters);
    KafkaSource source = new KafkaSource(settings, new TestDecoder(), deadLetters, Ticker.system());
    opened.add(source);
    source.start(workers.dispatcher());
    return source;
  }
}
