package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.contract.ServerPorts;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.kafka.KafkaBroker;
import org.osprey.coordinator.kafka.KafkaSettings;
import org.osprey.coordinator.worker.StreamWorker;

/**
 * Row R14 of the fault table: under load the broker is killed, frozen, and cut off. {@code
 * -Dfault.seconds=120} gives each fault its full length.
 */
class KafkaBrokerFaultsTest {
  private static final Duration FAULT = Duration.ofSeconds(Integer.getInteger("fault.seconds", 6));
  private static final Duration RECOVERY = Duration.ofSeconds(15);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PARTITIONS = 3;
  private static final int IN_FLIGHT = 500;
  private static final int COMMIT_BATCH = 200;
  private static final String TOPIC = "actions";
  private static final String GROUP = "coordinators";

  private final RecordLedger ledger = new RecordLedger();
  private TcpProxy network;
  private KafkaBroker broker;
  private KafkaTopics topics;

  /** The coordinator alone goes through the network; load and checker speak to the broker. */
  @BeforeEach
  void startBroker() throws IOException {
    int proxied = freePort();
    network = TcpProxy.to(proxied);
    broker =
        KafkaBroker.start(
            Map.of(
                "listeners",
                "PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controllerPort},"
                    + "PROXIED://127.0.0.1:"
                    + proxied,
                "advertised.listeners",
                "PLAINTEXT://127.0.0.1:{port},PROXIED://" + network.target(),
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT"));
    topics = new KafkaTopics(broker);
    topics.create(TOPIC, PARTITIONS);
  }

  @AfterEach
  void stopAll() {
    network.close();
    topics.close();
    broker.close();
  }

  @Test
  void r14TheBrokerIsKilled() {
    run("broker killed", broker::kill, broker::restart);
  }

  @Test
  void r14TheBrokerIsFrozen() {
    run("broker frozen", broker::freeze, broker::thaw);
  }

  @Test
  void r14TheNetworkFallsSilent() {
    run("network silent", network::fallSilent, network::speakAgain);
  }

  private void run(String row, Runnable fault, Runnable heal) {
    Duration recovered;
    try (KafkaCoordinator coordinator = KafkaCoordinator.start(settings(), ledger);
        StreamWorker worker =
            RecordWorkers.start(ledger, 16, Duration.ofMillis(5), coordinator.target());
        CommitWatch watch = CommitWatch.start(topics, GROUP, ledger);
        RecordLoad load = new RecordLoad(topics, TOPIC, PARTITIONS, ledger).start(300)) {
      awaitEveryPartition();
      fault.run();
      long faulty = System.nanoTime();
      until(() -> System.nanoTime() - faulty > FAULT.toNanos());
      heal.run();
      recovered = awaitEveryPartition();
      load.stop();
      until(() -> ledger.unfinished().isEmpty() && ledger.allCommitted(topics.committed(GROUP)));
      until(() -> checks(coordinator).stream().allMatch(Check::healthy));
      watch.check();
      assertEquals(0, worker.stats().nacked());
    }
    Map<Integer, Long> committed = topics.committed(GROUP);
    ledger.report(
        "R14 %s seconds=%d recovered_ms=%d".formatted(row, FAULT.toSeconds(), recovered.toMillis()),
        committed);
    ledger.check(committed);
    assertEquals(List.of(), ledger.unfinished());
    assertEquals(Map.of(), ledger.deadLetters());
    assertTrue(recovered.compareTo(RECOVERY) <= 0, () -> "recovered after " + recovered);
    assertTrue(ledger.duplicates() <= IN_FLIGHT + PARTITIONS * 2 * COMMIT_BATCH);
  }

  private static List<Check> checks(KafkaCoordinator coordinator) {
    return coordinator.tester().coordinator().checks();
  }

  /** How long it takes until something new was handled of every partition. */
  private Duration awaitEveryPartition() {
    long start = System.nanoTime();
    until(() -> ledger.partitionsAliveSince(start).size() == PARTITIONS);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private KafkaSettings settings() {
    return KafkaSettings.builder(network.target(), TOPIC, GROUP)
        .maxInFlight(IN_FLIGHT)
        .commitInterval(Duration.ofMillis(200))
        .commitBatch(COMMIT_BATCH)
        .closeTimeout(Duration.ofSeconds(3))
        .build();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = ServerPorts.reserve()) {
      return socket.getLocalPort();
    }
  }

  private static void until(Callable<Boolean> fact) {
    await().atMost(FAULT.plus(PATIENCE)).pollInterval(Duration.ofMillis(50)).until(fact);
  }
}
