package org.osprey.coordinator.database;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteDeadLettersTest implements DeadLettersSuite {
  @TempDir Path folder;

  @Override
  public DeadLettersRig rig() {
    return DeadLettersRig.open(DatabaseSettings.builder().file(folder.resolve("test.db")).build());
  }
}
