package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.database.PostgresServer;
import org.osprey.coordinator.tasks.samples.SampleService;
import org.osprey.coordinator.tasks.samples.SampleServices;

/**
 * Row R25 of the fault table: the database of a coordinator fails, or the coordinator with it,
 * while tasks and actions come and go. {@code -Ddatabase.kills=200 -Dfault.outage=120
 * -Dfault.deadlocks=30} gives it its full length. Kills at every step of a write are the matter of
 * {@code KilledBetweenStepsTest} (database) and {@code TasksKilledBetweenStepsTest} (tasks).
 */
@Timeout(3600)
class DatabaseFaultsTest {
  private static final int KILLS = Integer.getInteger("database.kills", 3);
  private static final int DEADLOCKS = Integer.getInteger("fault.deadlocks", 3);
  private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("fault.outage", 3));
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final int ENOUGH = 50;

  /** How a coordinator says it, whichever of both its database says. */
  private static final Pattern FULL =
      Pattern.compile("disk is full|reading or writing the file failed");

  /** Long enough for faults to meet calls. */
  private static final SampleService.Behaviour SERVICE =
      new SampleService.Behaviour(Duration.ofMillis(20), 0, 0);

  /** More than a segment of the log of PostgreSQL has, which must not be what finds no room. */
  private static final int FILLER_ROWS = 100_000;

  /**
   * With nobody beside it, for whom pages would be made in store, and with rows so short that none
   * of a task has room where they end.
   */
  private static final String FILL =
      """
      do $$ begin
        lock table tasks in share row exclusive mode;
        insert into tasks (task_id, task_name, task_description, status, created_at, updated_at,
          finished_at, requests, open_requests, payload_bytes, payload)
        select 'filler ' || number, '', repeat('x', 60), 'CANCELLED', 0, 0,
          9000000000000, 0, 0, 2, '{}'
        from generate_series(1, %d) as number;
      end $$
      """
          .formatted(FILLER_ROWS);

  @TempDir private Path folder;

  @Test
  void r25TheCoordinatorOfAnEmbeddedDatabaseIsKilled() throws Exception {
    Path file = folder.resolve("shared.db");
    Random random = new Random(KILLS);
    TrackedRows rows = new TrackedRows("jdbc:sqlite:" + file, "", "");
    try (SampleServices services = new SampleServices(0, SERVICE)) {
      String config = TaskConfig.of("file: \"%s\"".formatted(file), services);
      try (TrackedLoad load = new TrackedLoad(launch(config), services, rows)) {
        for (int kill = 0; kill < KILLS; kill++) {
          load.awaitMore(random.nextInt(ENOUGH));
          Set<String> ended = load.ended();
          load.coordinator().kill();
          load.goOnWith(launch(config));
          load.assertKnown();
          assertSubset(ended, load.ended());
        }
        load.finish();
        load.report("kill_9 database=sqlite kills=" + KILLS);
      }
    }
  }

  @Test
  void r25TheDiskOfAnEmbeddedDatabaseIsFull() throws Exception {
    assumeTrue(PostgresServer.canLimitFiles(), "no prlimit");
    Path file = folder.resolve("full.db");
    TrackedRows rows = new TrackedRows("jdbc:sqlite:" + file, "", "");
    try (SampleServices services = new SampleServices(0, SERVICE)) {
      String config = TaskConfig.of("file: \"%s\"".formatted(file), services);
      CoordinatorProcess limited =
          new CoordinatorProcess.Setup(folder, config).limits("ulimit -S -f 4096").start();
      try (TrackedLoad load = new TrackedLoad(limited, services, rows)) {
        await().atMost(PATIENCE).until(() -> load.refused() > 0);
        await().atMost(PATIENCE).until(() -> FULL.matcher(limited.log()).find());
        long refused = load.refused();
        load.assertKnown();
        ResourceFaultsTest.giveDisk(limited);
        long recovered = recovered(load);
        load.finish();
        load.report(
            "disk_full database=sqlite refused_tasks=%d recovered_ms=%d"
                .formatted(refused, recovered));
      }
    }
  }

  @Test
  void r25PostgresIsRestartedAndKilled() throws Exception {
    onPostgres(
        (server, load) ->
            "restart,kill_9_of_server database=postgres recovered_ms=%d,%d"
                .formatted(
                    restart(server, load, server::stop), restart(server, load, server::kill)));
  }

  /**
   * @return how long it took to recover, in milliseconds
   */
  private static long restart(PostgresServer server, TrackedLoad load, Runnable end) {
    load.awaitMore(ENOUGH);
    Set<String> ended = load.ended();
    end.run();
    server.restart();
    long recovered = recovered(load);
    load.assertKnown();
    assertSubset(ended, load.ended());
    return recovered;
  }

  @Test
  void r25PostgresIsAway() throws Exception {
    onPostgres(
        (server, load) -> {
          load.awaitMore(ENOUGH);
          server.stop();
          long gone = System.nanoTime();
          await()
              .atMost(OUTAGE.plus(PATIENCE))
              .until(() -> System.nanoTime() - gone >= OUTAGE.toNanos());
          assertTrue(load.coordinator().isAlive(), load.coordinator()::log);
          server.restart();
          return "outage database=postgres seconds=%d recovered_ms=%d"
              .formatted(OUTAGE.toSeconds(), recovered(load));
        });
  }

  @Test
  void r25SomebodyLocksTheOtherWayRound() throws Exception {
    onPostgres(
        (server, load) -> {
          load.awaitMore(ENOUGH);
          ForeignLocks locks = new ForeignLocks(load.rows());
          while (locks.deadlocks() < DEADLOCKS) {
            locks.lock();
          }
          double again = metric(load, "database_retries_total");
          double givenUp = metric(load, "database_failed_total");
          assertTrue(again + givenUp >= DEADLOCKS, "deadlocks of somebody else");
          return "deadlock database=postgres state=40P01 deadlocks=%d tried_again=%.0f given_up=%.0f"
              .formatted(locks.deadlocks(), again, givenUp);
        });
  }

  /** A file that may not grow is what PostgreSQL takes for a disk that is full. */
  @Test
  void r25TheDiskOfPostgresIsFull() throws Exception {
    assumeTrue(PostgresServer.canLimitFiles(), "no prlimit");
    onPostgres(
        (server, load) -> {
          load.awaitMore(ENOUGH);
          load.rows().execute(FILL);
          server.limitFiles(load.rows().number("select pg_relation_size('tasks')") + 4_096);
          await().atMost(PATIENCE).until(() -> load.refused() > 0);
          await().atMost(PATIENCE).until(() -> FULL.matcher(load.coordinator().log()).find());
          load.assertKnown();
          long refused = load.refused();
          server.unlimitFiles();
          long recovered = recovered(load);
          load.rows().execute("delete from tasks where task_id like 'filler %'");
          return "disk_full database=postgres refused_tasks=%d recovered_ms=%d"
              .formatted(refused, recovered);
        });
  }

  /** What happens to the database of a coordinator under load. */
  @FunctionalInterface
  private interface Fault {
    /**
     * @return what happened, for the record
     */
    String happen(PostgresServer server, TrackedLoad load) throws Exception;
  }

  private void onPostgres(Fault fault) throws Exception {
    assumeTrue(PostgresServer.isInstalled(), "no PostgreSQL server is installed");
    try (PostgresServer server = PostgresServer.startDurable();
        SampleServices services = new SampleServices(0, SERVICE)) {
      String url = server.newDatabase();
      TrackedRows rows =
          new TrackedRows(
              "jdbc:postgresql://%s/%s"
                  .formatted(server.address(), url.substring(url.lastIndexOf('/') + 1)),
              PostgresServer.USER,
              PostgresServer.PASSWORD);
      String config = TaskConfig.of("url: \"%s\"".formatted(url), services);
      try (TrackedLoad load = new TrackedLoad(launch(config), services, rows)) {
        String happened = fault.happen(server, load);
        load.finish();
        load.report(happened);
      }
    }
  }

  /** Milliseconds until tasks and actions are accepted again. */
  private static long recovered(TrackedLoad load) {
    long over = System.nanoTime();
    load.awaitMore(1);
    return Duration.ofNanos(System.nanoTime() - over).toMillis();
  }

  private static double metric(TrackedLoad load, String name) {
    return Scrape.of("http://127.0.0.1:" + load.coordinator().httpPort()).value(name);
  }

  private static void assertSubset(Set<String> ended, Set<String> now) {
    Set<String> undone = new HashSet<>(ended);
    undone.removeAll(now);
    assertEquals(Set.of(), undone);
  }

  private CoordinatorProcess launch(String config) {
    return new CoordinatorProcess.Setup(folder, config).start();
  }
}
