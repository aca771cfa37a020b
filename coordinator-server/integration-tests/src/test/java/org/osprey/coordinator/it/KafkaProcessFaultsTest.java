package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.kafka.KafkaBroker;
import org.osprey.coordinator.worker.StreamWorker;

/**
 * Rows R12 and R16 of the fault table: coordinators that read from Kafka are killed, and told to
 * stop. {@code -Dfault.kills=20 -Dfault.drain=25} gives them their full length.
 */
class KafkaProcessFaultsTest {
  private static final int KILLS = Integer.getInteger("fault.kills", 3);
  private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration DRAIN = Duration.ofSeconds(Integer.getInteger("fault.drain", 8));

  /** With the usual drain time of 25 s this is the thirty seconds that Kubernetes gives. */
  private static final Duration EXIT_LIMIT = DRAIN.plusSeconds(5);

  private static final int IN_FLIGHT = 500;

  private static final int COMMIT_BATCH = 500;

  /** The most that a process that ends badly leaves to be done again. */
  private static final int REPLAYED = IN_FLIGHT + COMMIT_BATCH;

  private static final String TOPIC = "actions";
  private static final String GROUP = "coordinators";
  private static final String CONFIG =
      """
      kafka:
        maxInFlight: %d
        commitBatch: %d
      shutdown:
        drain: %ds
      """
          .formatted(IN_FLIGHT, COMMIT_BATCH, DRAIN.toSeconds());

  @TempDir private Path folder;

  private final RecordLedger ledger = new RecordLedger();
  private final List<CoordinatorProcess> started = new ArrayList<>();
  private KafkaBroker broker;
  private KafkaTopics topics;

  @BeforeEach
  void startBroker() {
    broker =
        KafkaBroker.start(
            Map.of(
                "group.consumer.session.timeout.ms", Long.toString(SESSION_TIMEOUT.toMillis()),
                "group.consumer.min.session.timeout.ms", "1000",
                "group.consumer.heartbeat.interval.ms", "500",
                "group.consumer.min.heartbeat.interval.ms", "500"));
    topics = new KafkaTopics(broker);
  }

  @AfterEach
  void stopAll() {
    started.forEach(CoordinatorProcess::close);
    topics.close();
    broker.close();
  }

  @Test
  void r12CoordinatorsAreKilled() {
    topics.create(TOPIC, 12);
    List<CoordinatorProcess> members = new ArrayList<>(List.of(start(), start()));
    Duration longest = Duration.ZERO;
    try (TcpProxy left = TcpProxy.to(members.get(0).workerPort());
        TcpProxy right = TcpProxy.to(members.get(1).workerPort());
        StreamWorker worker = workers(32, Duration.ofMillis(2), left.target(), right.target());
        CommitWatch watch = CommitWatch.start(topics, GROUP, ledger);
        RecordLoad load = new RecordLoad(topics, TOPIC, 12, ledger).start(600)) {
      for (int kill = 0; kill < KILLS; kill++) {
        int victim = kill % 2;
        until(() -> topics.shares(GROUP).equals(List.of(6, 6)));
        awaitEveryPartition(12);
        members.get(victim).kill();
        longest = longer(longest, awaitEveryPartition(12));
        members.set(victim, start());
        (victim == 0 ? left : right).redirect(members.get(victim).workerPort());
      }
      load.stop();
      awaitEnd();
      watch.check();
      assertEquals(0, worker.stats().nacked());
    }
    report("R12 kills=%d resumed_ms=%d".formatted(KILLS, longest.toMillis()));
    assertShorter(longest, SESSION_TIMEOUT.plusSeconds(5));
    assertTrue(ledger.duplicates() <= KILLS * REPLAYED);
  }

  @Test
  void r16CoordinatorsStopUnderLoad() {
    topics.create(TOPIC, 4);
    Duration longest = Duration.ZERO;
    try (CommitWatch watch = CommitWatch.start(topics, GROUP, ledger);
        RecordLoad load = new RecordLoad(topics, TOPIC, 4, ledger).start(400)) {
      for (int signals = 1; signals <= 2; signals++) {
        longest = longer(longest, stopUnderLoad(signals));
      }
      load.stop();
      finishWith(start());
      watch.check();
    }
    report("R16 slow workers, SIGTERM once and twice: exit_ms=" + longest.toMillis());
    assertShorter(longest, EXIT_LIMIT);
    assertEquals(0, ledger.duplicates());
  }

  @Test
  void r16ACoordinatorStopsWithoutABrokerAndWithAWorkerThatHangs() {
    topics.create(TOPIC, 4);
    Duration exit;
    try (CommitWatch watch = CommitWatch.start(topics, GROUP, ledger)) {
      RecordLoad load = new RecordLoad(topics, TOPIC, 4, ledger).send(1_000);
      CoordinatorProcess process = start();
      try (StreamWorker hanging = workers(2, Duration.ofMinutes(5), process.target());
          StreamWorker slow = workers(8, Duration.ofMillis(50), process.target())) {
        until(() -> hanging.stats().received() == 2 && slow.stats().acked() > 200);
        broker.stop();
        exit = terminate(process, 1);
      }
      broker.restart();
      load.send(1_000);
      finishWith(start());
      watch.check();
    }
    report("R16 broker down, a worker hangs: exit_ms=" + exit.toMillis());
    assertShorter(exit, EXIT_LIMIT);
    assertTrue(ledger.duplicates() <= REPLAYED);
  }

  private CoordinatorProcess start() {
    CoordinatorProcess process =
        new CoordinatorProcess.Setup(folder, broker, TOPIC, GROUP, CONFIG).start();
    started.add(process);
    return process;
  }

  private StreamWorker workers(int streams, Duration hold, String... targets) {
    return RecordWorkers.start(ledger, streams, hold, targets);
  }

  private Duration stopUnderLoad(int signals) {
    CoordinatorProcess process = start();
    try (StreamWorker slow = workers(64, Duration.ofSeconds(1), process.target())) {
      until(() -> slow.stats().acked() > 100);
      return terminate(process, signals);
    }
  }

  private void finishWith(CoordinatorProcess process) {
    try (StreamWorker quick = workers(16, Duration.ZERO, process.target())) {
      awaitEnd();
      assertEquals(0, quick.stats().nacked());
    }
  }

  /** How long it took to end. */
  private static Duration terminate(CoordinatorProcess process, int signals) {
    long start = System.nanoTime();
    process.terminate();
    for (int more = 1; more < signals; more++) {
      // It drains: the workers are slower than this.
      await().pollDelay(Duration.ofMillis(200)).until(process::isAlive);
      process.terminate();
    }
    process.waitFor();
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** How long it takes until something new was handled of every partition. */
  private Duration awaitEveryPartition(int partitions) {
    long start = System.nanoTime();
    until(() -> ledger.partitionsAliveSince(start).size() == partitions);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** All is handled, and committed. */
  private void awaitEnd() {
    until(() -> ledger.unfinished().isEmpty() && ledger.allCommitted(topics.committed(GROUP)));
  }

  private void report(String row) {
    Map<Integer, Long> committed = topics.committed(GROUP);
    ledger.report(row, committed);
    ledger.check(committed);
    assertEquals(List.of(), ledger.unfinished());
    assertEquals(Map.of(), ledger.deadLetters());
  }

  private static void until(Callable<Boolean> fact) {
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(fact);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private static void assertShorter(Duration got, Duration limit) {
    assertTrue(got.compareTo(limit) <= 0, () -> "expected at most " + limit + ", got " + got);
  }
}
