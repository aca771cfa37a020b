package org.osprey.coordinator.collectors.store;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabasePositionsTest {
  @TempDir Path folder;

  @Test
  void theLastPositionIsReadAtOnceAndAfterARestart() {
    try (TestStore store = open()) {
      assertEquals(Optional.empty(), store.positions().load("file"));
      for (int i = 0; i <= 10_000; i++) {
        store.positions().save("file", "at " + i);
      }
      store.positions().save("other", "at 1");
      assertEquals(Optional.of("at 10000"), store.positions().load("file"));
    }
    try (TestStore store = open()) {
      assertEquals(Optional.of("at 10000"), store.positions().load("file"));
      assertEquals(Optional.of("at 1"), store.positions().load("other"));
    }
  }

  @Test
  void aPositionIsOnDiskAMomentLaterWithoutAnyClose() {
    try (TestStore store = open()) {
      store.positions().save("file", "at 1");
      await().until(() -> store.positions().check().detail().equals("waiting=0"));
      assertEquals("at 1", onDisk(store, "file"));
      store.positions().save("file", "at 2");
      await().until(() -> store.positions().check().detail().equals("waiting=0"));
      assertEquals("at 2", onDisk(store, "file"));
    }
  }

  private TestStore open() {
    return new TestStore(folder.resolve("collectors.db"));
  }

  private static String onDisk(TestStore store, String collector) {
    return store
        .database()
        .read(
            handle ->
                handle
                    .createQuery("select position from collector_positions where collector = ?")
                    .bind(0, collector)
                    .mapTo(String.class)
                    .one());
  }
}
