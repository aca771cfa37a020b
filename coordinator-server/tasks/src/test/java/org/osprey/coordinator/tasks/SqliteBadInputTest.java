package org.osprey.coordinator.tasks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.database.DatabaseSettings;

class SqliteBadInputTest extends BadInputSuite {
  @TempDir private Path folder;

  @Override
  DatabaseSettings.Builder settings() {
    return DatabaseSettings.builder().file(folder.resolve("test.db"));
  }

  /** A file stands where its folder should be. */
  @Override
  DatabaseSettings.Builder broken() {
    try {
      Files.createFile(folder.resolve("data"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return DatabaseSettings.builder().file(folder.resolve("data").resolve("test.db"));
  }

  @Override
  void mend() {
    try {
      Files.delete(folder.resolve("data"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
