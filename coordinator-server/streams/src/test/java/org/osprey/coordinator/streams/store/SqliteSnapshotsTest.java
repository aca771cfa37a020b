package org.osprey.coordinator.streams.store;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.database.DatabaseSettings;

class SqliteSnapshotsTest extends SnapshotsSuite {
  @TempDir private Path folder;

  @Override
  DatabaseSettings settings() {
    return DatabaseSettings.builder().file(folder.resolve("test.db")).build();
  }
}
