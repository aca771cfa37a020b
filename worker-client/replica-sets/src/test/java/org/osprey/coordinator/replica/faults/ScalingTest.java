package org.osprey.coordinator.replica.faults;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.replica.TestDatabase;
import org.postgresql.ds.PGSimpleDataSource;

/** The number of workers changes while transactions are open whose positions come late. */
class ScalingTest {
  private static final Duration TIME = Duration.ofSeconds(Long.getLong("fault.seconds", 8));
  private static final long EVENTS_PER_SECOND = 300;

  @Test
  void threeWorkersThatBecomeFiveAndTwoSkipAndRepeatNothing() throws SQLException {
    PGSimpleDataSource database = TestDatabase.create();
    WorkerProcess.Settings settings =
        new WorkerProcess.Settings(
            Duration.ofMillis(500),
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            20,
            Duration.ZERO);
    Writers.Plan plan =
        new Writers.Plan(
            8, 100, EVENTS_PER_SECOND * TIME.toSeconds(), TIME, 0.1, 0.1, Duration.ofSeconds(1));
    List<WorkerProcess> workers = new ArrayList<>();
    try (WorkerGroup group = new WorkerGroup(database, settings);
        Writers writers = new Writers(database, plan)) {
      for (int count : List.of(3, 5, 2)) {
        while (workers.size() < count) {
          workers.add(group.start("worker-" + workers.size()));
        }
        while (workers.size() > count) {
          workers.removeFirst().terminate();
        }
        group.awaitRunning(count);
        group.awaitHandled();
      }
      writers.finish();
      await().atMost(TIME.plusMinutes(2)).until(writers::ended);
      group.awaitHandled();
      group.check();
      assertTrue(writers.late() > 0 && writers.rollbacks() > 0);
    }
  }
}
