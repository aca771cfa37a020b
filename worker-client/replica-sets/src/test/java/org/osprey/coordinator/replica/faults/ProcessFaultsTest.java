package org.osprey.coordinator.replica.faults;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.database.PostgresServer;
import org.osprey.coordinator.replica.TestDatabase;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Workers are killed, added, stopped and woken, and the server is restarted, while events are
 * appended. {@code -Dfault.events=200000 -Dfault.between=60 -Dfault.inside=120} makes it long.
 */
class ProcessFaultsTest {
  private static final long EVENTS = Long.getLong("fault.events", 5_000);
  private static final Duration BETWEEN = Duration.ofSeconds(Long.getLong("fault.between", 6));
  private static final Duration INSIDE = Duration.ofSeconds(Long.getLong("fault.inside", 6));
  private static final Duration STALE = Duration.ofSeconds(3);
  private static final int STREAMS = 500;
  private static final int RESTARTS = Integer.getInteger("fault.restarts", 4);
  private static final long EVENTS_PER_RESTART = 500;

  /** Besides the time for which workers are stopped. */
  private static final Duration OTHER_FAULTS = Duration.ofSeconds(15);

  /** On a machine that does something else too. */
  private static final Duration SLACK = Duration.ofSeconds(Long.getLong("fault.slack", 30));

  @Test
  void eachEventHasItsEffectOnceWhateverHappensToWorkersAndServer() throws SQLException {
    try (PostgresServer server = TestDatabase.ownServer()) {
      PGSimpleDataSource database = TestDatabase.create(server);
      WorkerProcess.Settings settings =
          new WorkerProcess.Settings(
              Duration.ofMillis(500), STALE, Duration.ofSeconds(10), 100, Duration.ZERO);
      Writers.Plan plan =
          new Writers.Plan(
              4,
              STREAMS,
              EVENTS,
              BETWEEN.plus(INSIDE).plus(OTHER_FAULTS),
              0.1,
              0.01,
              Duration.ofMillis(500));
      try (WorkerGroup group = new WorkerGroup(database, settings)) {
        WorkerProcess killed = group.start("killed");
        WorkerProcess between = group.start("between");
        WorkerProcess inside = group.start("inside");
        group.awaitRunning(3);
        try (Writers writers = new Writers(database, plan)) {
          group.awaitHandled();
          killed.kill();
          report("kill -9", group.awaitHandled());
          group.start("added");
          group.start("too");
          group.awaitRunning(4);
          report("added", group.awaitHandled());
          stop(group, between, SelfStopping.Moment.BETWEEN, BETWEEN);
          stop(group, inside, SelfStopping.Moment.INSIDE, INSIDE);
          server.stop();
          server.restart();
          group.awaitRunning(4);
          report("restart", group.awaitHandled());
          writers.finish();
          await().atMost(OTHER_FAULTS.plusMinutes(5)).until(writers::ended);
        }
        group.awaitHandled();
        group.check();
        System.out.printf(
            "events=%d generations=%d deadlocks=%d%n",
            group.number("select count(*) from effects"),
            group.generation(),
            group.number("select sum(deadlocks) from pg_stat_database"));
      }
    }
  }

  @Test
  void crashesOfTheServerCostNothing() throws SQLException {
    try (PostgresServer server = TestDatabase.ownServer()) {
      PGSimpleDataSource database = TestDatabase.create(server);
      WorkerProcess.Settings settings =
          new WorkerProcess.Settings(
              Duration.ofMillis(500), STALE, Duration.ofSeconds(10), 100, Duration.ZERO);
      Writers.Plan plan =
          new Writers.Plan(
              4,
              STREAMS,
              RESTARTS * EVENTS_PER_RESTART,
              Duration.ofSeconds(3L * RESTARTS),
              0.1,
              0.01,
              Duration.ofMillis(500));
      try (WorkerGroup group = new WorkerGroup(database, settings)) {
        group.start("one");
        group.start("other");
        group.awaitRunning(2);
        try (Writers writers = new Writers(database, plan)) {
          for (int i = 0; i < RESTARTS; i++) {
            group.awaitHandled();
            if (i % 2 == 0) {
              server.kill();
            } else {
              server.stop();
            }
            server.restart();
            group.awaitRunning(2);
            report(i % 2 == 0 ? "crash" : "restart", group.awaitHandled());
          }
          writers.finish();
          await().until(writers::ended);
        }
        group.awaitHandled();
        group.check();
      }
    }
  }

  /** The others take its part over, and are held up no more until it is woken. */
  private static void stop(
      WorkerGroup group, WorkerProcess worker, SelfStopping.Moment moment, Duration time) {
    worker.stopAt(moment);
    long until = System.nanoTime() + time.toNanos();
    Duration takeOver = group.awaitHandled();
    group.awaitRunning(3);
    Duration longest = Duration.ZERO;
    while (System.nanoTime() < until) {
      Duration handled = group.awaitHandled();
      longest = handled.compareTo(longest) > 0 ? handled : longest;
    }
    worker.wake();
    group.awaitRunning(4);
    report("stopped " + moment, takeOver);
    report("stopped " + moment + ", later", longest);
    assertTrue(
        takeOver.compareTo(STALE.plusSeconds(2).plus(SLACK)) < 0, "take-over took " + takeOver);
    assertTrue(longest.compareTo(STALE.plus(SLACK)) < 0, "held up for " + longest);
  }

  private static void report(String what, Duration time) {
    System.out.printf("%s: handled again after %d ms%n", what, time.toMillis());
  }
}
