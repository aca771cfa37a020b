package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.database.PostgresServer;
import org.osprey.coordinator.kafka.KafkaBroker;
import org.osprey.coordinator.tasks.samples.SampleService;
import org.osprey.coordinator.tasks.samples.SampleService.Behaviour;
import org.osprey.coordinator.tasks.samples.SampleServices;
import org.osprey.coordinator.worker.StreamWorker;

/**
 * Row R39 of the fault table. What earlier versions wrote lies in {@code upgrade/}; {@code
 * scripts/upgrade.sh} builds one of them, and gives its jar as {@code -Dupgrade.old}. With {@code
 * -Dupgrade.write=FILE} that version writes one more.
 */
@Timeout(900)
class UpgradeTest {
  private static final String OLD = "upgrade.old";
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String TOPIC = "actions";
  private static final String GROUP = "coordinators";
  private static final int PARTITIONS = 4;
  private static final int TASKS_EACH = 20;

  @TempDir private Path folder;

  @Test
  void r39WhatEarlierVersionsWroteIsRead() throws Exception {
    for (Path written : written()) {
      Path database = folder.resolve(written.getFileName());
      Files.copy(written, database);
      take(true, database);
      System.out.printf("R39 written_by=%s lost=0%n", written.getFileName());
    }
  }

  @Test
  @EnabledIfSystemProperty(named = OLD, matches = ".+")
  void r39EachVersionReadsWhatTheOtherWrote() throws Exception {
    for (boolean newer : List.of(true, false)) {
      Path database = folder.resolve("of-newer-%s.db".formatted(newer));
      give(newer, database);
      take(!newer, database);
    }
    System.out.println("R39 written_by=each read_by=other lost=0");
  }

  @Test
  @EnabledIfSystemProperty(named = "upgrade.write", matches = ".+")
  void somethingIsWrittenForLaterVersions() throws Exception {
    Path database = folder.resolve("written.db");
    give(false, database);
    Files.copy(database, Path.of(System.getProperty("upgrade.write")));
  }

  @Test
  @EnabledIfSystemProperty(named = OLD, matches = ".+")
  void r39CoordinatorsAreExchangedUnderLoad() throws Exception {
    assumeTrue(PostgresServer.isInstalled(), "no PostgreSQL server is installed");
    try (KafkaBroker broker = KafkaBroker.start();
        KafkaTopics topics = new KafkaTopics(broker);
        PostgresServer server = PostgresServer.start();
        SampleServices services =
            new SampleServices(0, new Behaviour(Duration.ofMillis(50), 0, 0));
        Members members =
            new Members(
                broker,
                config(
                    "url: \"%s\"".formatted(server.newDatabase()),
                    TaskConfig.services(services)))) {
      topics.create(TOPIC, PARTITIONS);
      members.exchange(topics);
      for (SampleService service : services.list()) {
        assertEquals(members.tasks, service.effects(), service::name);
      }
    }
  }

  private static List<Path> written() throws IOException, URISyntaxException {
    Path resources = Path.of(UpgradeTest.class.getResource("/upgrade").toURI());
    try (Stream<Path> files = Files.list(resources)) {
      return files.sorted().toList();
    }
  }

  private void give(boolean newer, Path database) throws IOException {
    String nobody = "http://127.0.0.1:1";
    String services = "revenue: \"%1$s\", rebates: \"%1$s\", specialty: \"%1$s\"".formatted(nobody);
    run(newer, database, services, StoredState::give);
  }

  private void take(boolean newer, Path database) throws IOException {
    try (SampleServices services = new SampleServices(0, new Behaviour(Duration.ZERO, 0, 0))) {
      run(newer, database, TaskConfig.services(services), StoredState::take);
    }
  }

  private interface Part {
    void play(StoredState state) throws IOException;
  }

  private void run(boolean newer, Path database, String services, Part part) throws IOException {
    String config = config("file: \"%s\"".formatted(database), services);
    try (CoordinatorProcess process =
        version(newer, new CoordinatorProcess.Setup(folder, config))) {
      part.play(new StoredState(process));
      process.terminate();
      process.waitFor();
    }
  }

  private static CoordinatorProcess version(boolean newer, CoordinatorProcess.Setup setup) {
    return newer ? setup.start() : setup.version(Path.of(System.getProperty(OLD))).start();
  }

  private static String config(String database, String services) {
    return """
    rpc: {bindAddress: 127.0.0.1}
    http: {bindAddress: 127.0.0.1}
    startup: {warmUp: 0s}
    shutdown: {drain: 10s}
    database: {%s}
    retries: {nacks: 1}
    streams: {enabled: true}
    tasks: {enabled: true, retries: 1000, maxBackoff: 1s, services: {%s}}
    """
        .formatted(database, services);
  }

  /** Two coordinators at a time, of one group and one database. */
  private final class Members implements AutoCloseable {
    private final RecordLedger ledger = new RecordLedger();
    private final KafkaBroker broker;
    private final String config;
    private final List<CoordinatorProcess> present = new ArrayList<>();
    private int tasks;

    Members(KafkaBroker broker, String config) {
      this.broker = broker;
      this.config = config;
    }

    /** From old to new and back, one after the other. */
    void exchange(KafkaTopics topics) {
      start(false);
      start(false);
      try (TcpProxy one = TcpProxy.to(present.get(0).workerPort());
          TcpProxy other = TcpProxy.to(present.get(1).workerPort());
          StreamWorker worker =
              RecordWorkers.start(ledger, 16, Duration.ofMillis(2), one.target(), other.target());
          TaskClient client = new TaskClient(() -> present.getLast().httpPort());
          CommitWatch watch = CommitWatch.start(topics, GROUP, ledger);
          RecordLoad load = new RecordLoad(topics, TOPIC, PARTITIONS, ledger).start(200)) {
        List<TcpProxy> proxies = new ArrayList<>(List.of(one, other));
        for (boolean newer : List.of(true, true, false, false)) {
          shareTheWork(topics, client);
          CoordinatorProcess left = present.removeFirst();
          left.terminate();
          left.waitFor();
          left.close();
          start(newer);
          proxies.add(proxies.removeFirst());
          proxies.getLast().redirect(present.getLast().workerPort());
        }
        shareTheWork(topics, client);
        load.stop();
        until(() -> ledger.unfinished().isEmpty() && ledger.allCommitted(topics.committed(GROUP)));
        client.accepted().forEach(task -> assertEnded(client.ended(task)));
        assertEquals(tasks, client.accepted().size());
        watch.check();
        assertEquals(0, worker.stats().nacked());
      }
      ledger.report("R39 exchanged=4 tasks=%d".formatted(tasks), topics.committed(GROUP));
      ledger.check(topics.committed(GROUP));
      assertEquals(List.of(), ledger.unfinished());
      assertEquals(Map.of(), ledger.deadLetters());
    }

    /** Both work, and on something new. */
    private void shareTheWork(KafkaTopics topics, TaskClient client) {
      until(() -> topics.shares(GROUP).equals(List.of(PARTITIONS / 2, PARTITIONS / 2)));
      for (int i = 0; i < TASKS_EACH; i++) {
        client.submit(++tasks);
      }
      long now = System.nanoTime();
      until(() -> ledger.partitionsAliveSince(now).size() == PARTITIONS);
    }

    private void start(boolean newer) {
      present.add(
          version(newer, new CoordinatorProcess.Setup(folder, broker, TOPIC, GROUP, config)));
    }

    private static void assertEnded(String task) {
      assertEquals(true, task.contains("\"status\":\"COMPLETED\""), task);
    }

    private static void until(Callable<Boolean> fact) {
      await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(fact);
    }

    @Override
    public void close() {
      present.forEach(CoordinatorProcess::close);
    }
  }
}
