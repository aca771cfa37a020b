package org.osprey.coordinator.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.osprey.coordinator.core.Count;
import org.osprey.coordinator.core.DispatcherSettings.Retries;
import org.osprey.coordinator.kafka.KafkaBroker;
import org.osprey.coordinator.kafka.KafkaSettings;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorAction;

/**
 * Rows R17 and R18 of the fault table: records that nobody can handle, and one that nobody answers.
 * {@code -Dfault.window=10000} gives R18 its full size.
 */
class KafkaPoisonTest {
  private static final int WINDOW = Integer.getInteger("fault.window", 2_000);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static KafkaBroker broker;
  private static KafkaTopics topics;

  private final RecordLedger ledger = new RecordLedger();
  private String topic = "";

  @BeforeAll
  static void startBroker() {
    broker = KafkaBroker.start();
    topics = new KafkaTopics(broker);
  }

  @AfterAll
  static void stopBroker() {
    topics.close();
    broker.close();
  }

  @BeforeEach
  void nameTopic(TestInfo test) {
    topic = test.getTestMethod().orElseThrow().getName();
  }

  @Test
  void r17PoisonBecomesDeadLettersAndTheRestFlows() {
    topics.create(topic, 3);
    Map<String, String> poison = sendWithPoison(10_000);
    try (KafkaCoordinator coordinator = KafkaCoordinator.start(settings(10_000), ledger);
        Victims workers = new Victims(coordinator.tester(), ledger, 16)) {
      until(() -> ledger.allCommitted(topics.committed(topic)));
      int killed = workers.kills().values().stream().mapToInt(Integer::intValue).sum();
      report("R17 poison=%d workers_killed=%d".formatted(poison.size(), killed));
      assertEquals(10, workers.kills().size());
      workers.kills().values().forEach(kills -> assertEquals(Retries.DEFAULTS.deaths(), kills));
      assertEquals(10L * Retries.DEFAULTS.nacks(), coordinator.tester().count(Count.ASYNC_NACKED));
      assertEquals(10, coordinator.source().stats().undecodable());
    }
    assertEquals(30, poison.size());
    assertEquals(poison, ledger.deadLetters());
    assertEquals(0, ledger.duplicates());
  }

  @Test
  void r18OneRecordIsStuck() {
    topics.create(topic, 1);
    new RecordLoad(topics, topic, 1, ledger).send(WINDOW + 1_000);
    try (KafkaCoordinator coordinator = KafkaCoordinator.start(settings(WINDOW), ledger)) {
      CompletableFuture<Runnable> stuck = new CompletableFuture<>();
      for (int i = 0; i < 8; i++) {
        RawWorker worker = coordinator.tester().worker();
        worker.handling(action -> answerAllBut(101, action, worker, stuck));
      }
      // All before it, and a window less itself behind it.
      until(() -> ledger.completed() == 100 + WINDOW - 1);
      until(() -> coordinator.source().stats().paused() == 1);
      until(() -> topics.committed(topic).equals(Map.of(0, 100L)));
      String detail = coordinator.source().check().detail();
      System.out.println("R18 blocked: " + detail);
      assertTrue(detail.contains("oldest_unfinished=" + topic + "-0@100 "), detail);
      assertEquals(100 + WINDOW - 1, ledger.completed());
      stuck.join().run();
      until(() -> ledger.allCommitted(topics.committed(topic)));
      until(() -> coordinator.source().stats().paused() == 0);
      assertEquals(0, coordinator.tester().count(Count.LEASES_EXPIRED));
    }
    report("R18 window=" + WINDOW);
    assertEquals(Map.of(), ledger.deadLetters());
    assertEquals(0, ledger.duplicates());
  }

  /** The reason for each record that has to become a dead letter. */
  private Map<String, String> sendWithPoison(int records) {
    Map<String, String> poison = new HashMap<>();
    for (int id = 1; id <= records; id++) {
      String key = Integer.toString(id);
      Poison kind = Poison.of(id);
      if (kind != Poison.NONE) {
        poison.put(key, kind.name());
      }
      byte[] value = kind == Poison.UNDECODABLE ? "{no json".getBytes(UTF_8) : RecordLoad.value(id);
      topics.send(topic, id % 3, key, value, ledger);
    }
    topics.flush();
    return poison;
  }

  private void answerAllBut(
      long id,
      OspreyCoordinatorAction action,
      RawWorker worker,
      CompletableFuture<Runnable> stuck) {
    Runnable answer =
        () -> {
          String key = Long.toString(action.getActionId());
          ledger.handled(key, "verdict_for_" + key);
          worker.ack(action);
        };
    if (action.getActionId() == id) {
      stuck.complete(answer);
    } else {
      answer.run();
    }
  }

  private KafkaSettings settings(int window) {
    return KafkaSettings.builder(broker.bootstrapServers(), topic, topic)
        .maxInFlight(window)
        .window(window)
        .build();
  }

  private void report(String row) {
    Map<Integer, Long> committed = topics.committed(topic);
    topics.readDeadLetters(topic, ledger);
    ledger.report(row, committed);
    ledger.check(committed);
  }

  private static void until(Callable<Boolean> fact) {
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(fact);
  }
}
