package org.osprey.coordinator.database;

import static org.awaitility.Awaitility.await;

import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.osprey.coordinator.contract.DeadLetterStoreContract;
import org.osprey.coordinator.core.DeadLetterStore;
import org.osprey.coordinator.core.Ticker;

/** A store in a database of its own. */
record DeadLettersRig(Database database, DeadLetterStore store)
    implements DeadLetterStoreContract.Rig {

  static DeadLettersRig open(DatabaseSettings settings) {
    Database database =
        new Database(
            settings, List.of(DatabaseDeadLetters.FEATURE), Ticker.system(), new Random(1));
    database.start();
    await().atMost(TestDatabase.PATIENCE).until(() -> database.check().healthy());
    return new DeadLettersRig(database, new DatabaseDeadLetters(database, InstantSource.system()));
  }

  @Override
  public void close() {
    database.close();
  }
}
