package org.osprey.coordinator.database;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.contract.Workers;
import org.osprey.coordinator.core.InMemoryDeadLetters;

class PostgresSubmissionsTest implements SubmissionsSuite {
  private static final Duration SHORT_CLAIM = Duration.ofSeconds(2);

  /** Renewed after a third, so that a coordinator may stand still for five seconds. */
  private static final Duration CLAIM = Duration.ofSeconds(8);

  @Override
  public SubmissionsRig rig() {
    return SubmissionsRig.open(TestPostgres.settings().build());
  }

  @Test
  void severalCoordinatorsShareTheRowsAndNoneIsWithTwo() throws Exception {
    DatabaseSettings settings = TestPostgres.settings().build();
    SubmissionSettings few = SubmissionsRig.settings(100_000, 50, Duration.ofSeconds(60));
    try (SubmissionsRig left = SubmissionsRig.open(settings);
        SubmissionsRig right = SubmissionsRig.open(settings);
        Workers leftWorkers = new Workers(ROOMY, new InMemoryDeadLetters()).connect();
        Workers rightWorkers = new Workers(ROOMY, new InMemoryDeadLetters()).connect();
        DatabaseSource leftSource = left.source(few, new InMemoryDeadLetters());
        DatabaseSource rightSource = right.source(few, new InMemoryDeadLetters())) {
      leftSource.start(leftWorkers.dispatcher());
      rightSource.start(rightWorkers.dispatcher());
      SubmissionsSuite.submitAll(leftSource.submissions(), 1, 500);
      SubmissionsSuite.submitAll(rightSource.submissions(), 501, 1000);
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                leftWorkers.ackAll();
                rightWorkers.ackAll();
                return left.rows() == 0;
              });
      List<Long> seen = new ArrayList<>(leftWorkers.seen());
      seen.addAll(rightWorkers.seen());
      assertEquals(1000, seen.size());
      assertEquals(SubmissionsSuite.ids(1, 1000), new HashSet<>(seen));
      assertTrue(leftWorkers.seen().size() > 50 && rightWorkers.seen().size() > 50);
    }
  }

  @Test
  void whatACoordinatorHasStaysWithItAsLongAsItLives() throws Exception {
    DatabaseSettings settings = TestPostgres.settings().build();
    SubmissionSettings brief = SubmissionsRig.settings(100_000, 50, CLAIM);
    try (SubmissionsRig left = SubmissionsRig.open(settings);
        SubmissionsRig right = SubmissionsRig.open(settings);
        Workers slow = new Workers(ROOMY, new InMemoryDeadLetters()).connect();
        Workers idle = new Workers(ROOMY, new InMemoryDeadLetters()).connect();
        DatabaseSource holder = left.source(brief, new InMemoryDeadLetters());
        DatabaseSource other = right.source(brief, new InMemoryDeadLetters())) {
      SubmissionsSuite.submitAll(holder.submissions(), 1, 10);
      holder.start(slow.dispatcher());
      await().atMost(PATIENCE).until(() -> slow.seen().size() == 10);
      other.start(idle.dispatcher());
      await()
          .during(CLAIM.multipliedBy(2))
          .atMost(PATIENCE)
          .until(() -> idle.seen().isEmpty() && slow.seen().size() == 10);
      slow.ackAll();
      await().atMost(PATIENCE).until(() -> right.rows() == 0);
    }
  }

  @Test
  void whatADeadCoordinatorHadIsTakenOver() throws Exception {
    DatabaseSettings settings = TestPostgres.settings().build();
    SubmissionSettings brief = SubmissionsRig.settings(100_000, 50, SHORT_CLAIM);
    SubmissionsRig fallen = SubmissionsRig.open(settings);
    try (SubmissionsRig rig = SubmissionsRig.open(settings);
        Workers dead = new Workers(ROOMY, new InMemoryDeadLetters()).connect();
        Workers workers = new Workers(ROOMY, new InMemoryDeadLetters()).connect();
        DatabaseSource next = rig.source(brief, new InMemoryDeadLetters())) {
      DatabaseSource source = fallen.source(brief, new InMemoryDeadLetters());
      SubmissionsSuite.submitAll(source.submissions(), 1, 10);
      source.start(dead.dispatcher());
      await().atMost(PATIENCE).until(() -> dead.seen().size() == 10);
      // Without its database it can neither renew nor release.
      fallen.close();
      next.start(workers.dispatcher());
      await().atMost(PATIENCE).until(() -> workers.seen().size() == 10);
      assertEquals(SubmissionsSuite.ids(1, 10), new HashSet<>(workers.seen()));
      workers.ackAll();
      await().atMost(PATIENCE).until(() -> rig.rows() == 0);
      source.close();
    }
  }
}
