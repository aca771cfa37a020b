package org.osprey.coordinator.database;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.contract.Workers;
import org.osprey.coordinator.core.InMemoryDeadLetters;

class SqliteSubmissionsTest implements SubmissionsSuite {
  @TempDir Path folder;

  @Override
  public SubmissionsRig rig() {
    return SubmissionsRig.open(DatabaseSettings.builder().file(folder.resolve("test.db")).build());
  }

  /** Its claims were long, but there is nobody else who could have them. */
  @Test
  void whatAnEarlierRunHadComesAtOnce() throws Exception {
    try (SubmissionsRig rig = rig()) {
      DatabaseSource fallen = rig.source(new InMemoryDeadLetters());
      SubmissionsSuite.submitAll(fallen.submissions(), 1, 20);
      Workers dead = new Workers(ROOMY, new InMemoryDeadLetters()).connect();
      fallen.start(dead.dispatcher());
      await().atMost(PATIENCE).until(() -> dead.seen().size() == 20);
      dead.close();
      // As after a kill: it is never closed, and what it still holds it never deletes.
      fallen.setPaused(true);
      try (Workers workers = new Workers(ROOMY, new InMemoryDeadLetters()).connect();
          DatabaseSource next = rig.source(new InMemoryDeadLetters())) {
        next.start(workers.dispatcher());
        await().atMost(PATIENCE).until(() -> workers.seen().size() == 20);
        assertEquals(SubmissionsSuite.ids(1, 20), new HashSet<>(workers.seen()));
        workers.ackAll();
        await().atMost(PATIENCE).until(() -> rig.rows() == 0);
      }
      fallen.close();
    }
  }
}
