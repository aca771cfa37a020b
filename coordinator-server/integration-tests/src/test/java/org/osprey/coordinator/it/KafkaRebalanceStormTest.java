package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.osprey.coordinator.kafka.KafkaBroker;
import org.osprey.coordinator.kafka.KafkaSettings;
import org.osprey.coordinator.kafka.KafkaSettings.GroupProtocol;
import org.osprey.coordinator.worker.StreamWorker;

/**
 * Row R13 of the fault table: coordinators join and leave their group every second or so. {@code
 * -Dfault.seconds=180} gives it its full length.
 */
class KafkaRebalanceStormTest {
  private static final Duration STORM =
      Duration.ofSeconds(Integer.getInteger("fault.seconds", 24)).dividedBy(2);
  private static final Duration STEP = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PARTITIONS = 6;
  private static final int MOST_MEMBERS = 4;
  private static final long SEED = 13;
  private static final String TOPIC = "actions";
  private static final String GROUP = "coordinators";

  private final RecordLedger ledger = new RecordLedger();
  private final Random random = new Random(SEED);
  private final Deque<Member> members = new ArrayDeque<>();
  private KafkaBroker broker;
  private KafkaTopics topics;

  /** A coordinator with workers of its own. */
  private record Member(KafkaCoordinator coordinator, StreamWorker workers)
      implements AutoCloseable {
    @Override
    public void close() {
      coordinator.close();
      workers.close();
    }
  }

  @BeforeEach
  void startBroker() {
    broker =
        KafkaBroker.start(
            Map.of(
                "group.consumer.heartbeat.interval.ms", "500",
                "group.consumer.min.heartbeat.interval.ms", "500"));
    topics = new KafkaTopics(broker);
    topics.create(TOPIC, PARTITIONS);
  }

  @AfterEach
  void stopAll() {
    members.forEach(Member::close);
    topics.close();
    broker.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = GroupProtocol.class,
      names = {"CLASSIC", "CONSUMER"})
  void r13CoordinatorsComeAndGo(GroupProtocol protocol) {
    KafkaSettings settings = settings(protocol);
    int changes;
    try (CommitWatch watch = CommitWatch.start(topics, GROUP, ledger);
        RecordLoad load = new RecordLoad(topics, TOPIC, PARTITIONS, ledger).start(500)) {
      members.add(join(settings));
      until(() -> ledger.partitionsAliveSince(0).size() == PARTITIONS);
      changes = storm(settings);
      load.stop();
      until(() -> ledger.unfinished().isEmpty() && ledger.allCommitted(topics.committed(GROUP)));
      watch.check();
    }
    Map<Integer, Long> committed = topics.committed(GROUP);
    Duration silence = ledger.longestSilence();
    ledger.report(
        "R13 %s seed=%d changes=%d longest_silence_ms=%d"
            .formatted(protocol, SEED, changes, silence.toMillis()),
        committed);
    ledger.check(committed);
    assertEquals(Map.of(), ledger.deadLetters());
    assertTrue(silence.compareTo(Duration.ofSeconds(5)) < 0, () -> "silence of " + silence);
    assertTrue(ledger.duplicates() <= changes * settings.maxInFlight());
  }

  /** How many came and went. */
  private int storm(KafkaSettings settings) {
    int changes = 0;
    long end = System.nanoTime() + STORM.toNanos();
    while (System.nanoTime() - end < 0) {
      long next = System.nanoTime() + STEP.toNanos();
      change(settings);
      changes++;
      until(() -> System.nanoTime() - next >= 0);
    }
    return changes;
  }

  /** One more or one less, and never none: the oldest goes, whatever it has in hand. */
  private void change(KafkaSettings settings) {
    boolean joins = members.size() == 1 || (members.size() < MOST_MEMBERS && random.nextBoolean());
    if (joins) {
      members.add(join(settings));
    } else {
      members.remove().close();
    }
  }

  private Member join(KafkaSettings settings) {
    KafkaCoordinator coordinator = KafkaCoordinator.start(settings, ledger);
    return new Member(
        coordinator, RecordWorkers.start(ledger, 16, Duration.ofMillis(5), coordinator.target()));
  }

  private KafkaSettings settings(GroupProtocol protocol) {
    return KafkaSettings.builder(broker.bootstrapServers(), TOPIC, GROUP)
        .groupProtocol(protocol)
        .maxInFlight(100)
        .commitInterval(Duration.ofMillis(50))
        .closeTimeout(Duration.ofSeconds(2))
        .properties(
            protocol == GroupProtocol.CLASSIC ? Map.of("heartbeat.interval.ms", "300") : Map.of())
        .build();
  }

  private static void until(Callable<Boolean> fact) {
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(fact);
  }
}
