package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.etcd.EtcdServer;
import org.osprey.coordinator.kafka.KafkaBroker;

/** Two coordinators of one group, found by their workers in etcd; one of them is killed. */
class KafkaDiscoveryTest {
  private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PARTITIONS = 12;
  private static final String TOPIC = "actions";
  private static final String GROUP = "coordinators";

  @TempDir private Path folder;

  private final RecordLedger ledger = new RecordLedger();

  @Test
  void theWorkersOfAKilledCoordinatorGoOnWithTheOther() {
    try (EtcdServer etcd = EtcdServer.startWithV2();
        KafkaBroker broker = broker();
        KafkaTopics topics = new KafkaTopics(broker)) {
      topics.create(TOPIC, PARTITIONS);
      try (CoordinatorProcess victim = start(etcd, broker);
          CoordinatorProcess other = start(etcd, broker);
          DiscoveredWorkers workers =
              new DiscoveredWorkers(
                      etcd.url(),
                      target -> RecordWorkers.start(ledger, 16, Duration.ofMillis(2), target))
                  .start();
          CommitWatch watch = CommitWatch.start(topics, GROUP, ledger);
          RecordLoad load = new RecordLoad(topics, TOPIC, PARTITIONS, ledger).start(600)) {
        until(() -> workers.found() == 2 && topics.shares(GROUP).equals(List.of(6, 6)));
        awaitEveryPartition();
        victim.kill();
        Duration resumed = awaitEveryPartition();
        load.stop();
        until(() -> ledger.unfinished().isEmpty() && ledger.allCommitted(topics.committed(GROUP)));
        watch.check();
        assertTrue(other.isAlive());
        report(topics, resumed);
      }
    }
  }

  private void report(KafkaTopics topics, Duration resumed) {
    Map<Integer, Long> committed = topics.committed(GROUP);
    ledger.report("discovery, one of two killed: resumed_ms=" + resumed.toMillis(), committed);
    ledger.check(committed);
    assertEquals(List.of(), ledger.unfinished());
    assertTrue(resumed.compareTo(SESSION_TIMEOUT.plusSeconds(5)) <= 0, resumed::toString);
  }

  private CoordinatorProcess start(EtcdServer etcd, KafkaBroker broker) {
    return new CoordinatorProcess.Setup(folder, broker, TOPIC, GROUP, "")
        .environment("ETCD_PEERS", etcd.url().toString())
        .environment("POD_IP", "127.0.0.1")
        .start();
  }

  /** How long it takes until something new was handled of every partition. */
  private Duration awaitEveryPartition() {
    long start = System.nanoTime();
    until(() -> ledger.partitionsAliveSince(start).size() == PARTITIONS);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static KafkaBroker broker() {
    return KafkaBroker.start(
        Map.of(
            "group.consumer.session.timeout.ms", Long.toString(SESSION_TIMEOUT.toMillis()),
            "group.consumer.min.session.timeout.ms", "1000",
            "group.consumer.heartbeat.interval.ms", "500",
            "group.consumer.min.heartbeat.interval.ms", "500"));
  }

  private static void until(Callable<Boolean> fact) {
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(fact);
  }
}
