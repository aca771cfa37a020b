package org.osprey.coordinator.tasks;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.database.DatabaseSettings;

class SqliteTablesTest extends TablesSuite {
  @TempDir private Path folder;

  @Override
  DatabaseSettings settings() {
    return DatabaseSettings.builder().file(folder.resolve("test.db")).build();
  }
}
