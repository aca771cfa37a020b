package org.osprey.coordinator.database;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.contract.DeadLetterStoreContract;

class SqliteDeadLettersTest implements DeadLetterStoreContract {
  @TempDir Path folder;

  @Override
  public Rig rig() {
    return DeadLettersRig.open(
        DatabaseSettings.builder().file(folder.resolve("test.db")).build());
  }
}
