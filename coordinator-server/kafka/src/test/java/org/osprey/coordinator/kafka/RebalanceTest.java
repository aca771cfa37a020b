package org.osprey.coordinator.kafka;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.osprey.coordinator.core.Lease;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.kafka.KafkaSettings.GroupProtocol;

/** A second member of the group comes and goes while work is under way. */
class RebalanceTest {
  private static final int PARTITIONS = 3;
  private static final int ROUNDS = 4;
  private static final int BATCH = 1500;

  private final TestKafka kafka = SharedBroker.kafka();
  private final Random random = new Random(11);
  private final List<TestWorkers> coordinators = new ArrayList<>();
  private final List<Lease> held = new ArrayList<>();
  private String topic = "";
  private int produced;

  @ParameterizedTest
  @EnumSource(
      value = GroupProtocol.class,
      names = {"CLASSIC", "CONSUMER"})
  void losesNothingAndCommitsNothingUnfinished(GroupProtocol protocol) {
    topic = "rebalance-" + protocol;
    kafka.createTopic(topic, PARTITIONS);
    KafkaSettings settings =
        KafkaSettings.builder(SharedBroker.broker().bootstrapServers(), topic, topic)
            .groupProtocol(protocol)
            .commitInterval(Duration.ofMillis(20))
            .properties(
                protocol == GroupProtocol.CLASSIC
                    ? Map.of("heartbeat.interval.ms", "200")
                    : Map.of())
            .build();
    try (DeadLetterTopic deadLetters = new DeadLetterTopic(settings);
        KafkaSource staying = source(settings, deadLetters)) {
      staying.start(newCoordinator().dispatcher());
      for (int round = 0; round < ROUNDS; round++) {
        produceMore();
        try (KafkaSource leaving = source(settings, deadLetters)) {
          leaving.start(newCoordinator().dispatcher());
          workUntil(() -> leaving.stats().assigned() > 0);
          produceMore();
          workUntil(() -> leaving.stats().consumed() > 0);
        }
        workUntil(() -> staying.stats().assigned() == PARTITIONS);
      }
      workUntil(() -> acked().size() == produced);
      long end = produced / PARTITIONS;
      workUntil(() -> Map.of(0, end, 1, end, 2, end).equals(kafka.committed(topic)));
    }
    assertEquals(ids(produced), acked());
  }

  private void produceMore() {
    kafka.produceIds(topic, PARTITIONS, produced, produced + BATCH);
    produced += BATCH;
  }

  private KafkaSource source(KafkaSettings settings, DeadLetterTopic deadLetters) {
    return new KafkaSource(
        settings, new TestDecoder(), new KafkaDeadLetters(deadLetters), Ticker.system());
  }

  private TestWorkers newCoordinator() {
    TestWorkers workers = new TestWorkers(20_000);
    coordinators.add(workers);
    return workers;
  }

  private void workUntil(Callable<Boolean> done) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> {
              coordinators.forEach(this::ackSome);
              checkCommits();
              return done.call();
            });
  }

  /** In random order, and not all of it. */
  private void ackSome(TestWorkers workers) {
    List<Lease> leases = new ArrayList<>(workers.takeLeased());
    if (workers == coordinators.getFirst()) {
      leases.addAll(held);
      held.clear();
    }
    Collections.shuffle(leases, random);
    for (Lease lease : leases) {
      if (workers == coordinators.getFirst() && random.nextInt(10) == 0) {
        held.add(lease);
      } else {
        workers.ack(lease);
      }
    }
  }

  /** What the broker takes for finished at this moment was acked before. */
  private void checkCommits() {
    Map<Integer, Long> committed = kafka.committed(topic);
    Set<Long> acked = acked();
    committed.forEach(
        (partition, offset) -> {
          for (long before = 0; before < offset; before++) {
            long id = before * PARTITIONS + partition;
            assertTrue(acked.contains(id), "committed and not acked: " + id);
          }
        });
  }

  private Set<Long> acked() {
    Set<Long> acked = new HashSet<>();
    coordinators.forEach(workers -> acked.addAll(workers.acked().keySet()));
    return acked;
  }

  private static Set<Long> ids(int count) {
    return new HashSet<>(IntStream.range(0, count).mapToLong(id -> id).boxed().toList());
  }
}
