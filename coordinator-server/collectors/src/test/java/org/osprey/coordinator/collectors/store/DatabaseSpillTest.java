package org.osprey.coordinator.collectors.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.osprey.coordinator.collectors.store.TestStore.events;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.collectors.flow.Encoded;
import org.osprey.coordinator.collectors.flow.SpillStore.Batch;
import org.osprey.coordinator.collectors.flow.SpillStore.SpillException;
import org.osprey.coordinator.collectors.flow.SpillStore.Totals;

class DatabaseSpillTest {
  @TempDir Path folder;

  @Test
  void eventsComeBackAsTheyWereInTheOrderOfEpochsAndSeqs() {
    try (TestStore store = open()) {
      store.spill().append(events("a", 2, 0, 3));
      store.spill().append(events("a", 1, 10, 12));
      store.spill().append(events("b", 1, 0, 1));
      store.spill().append(events("a", 1, 2, 10));
      List<Encoded> read =
          store.batches("a").stream().flatMap(batch -> batch.events().stream()).toList();
      assertEquals(
          List.of("a-1-2", "a-1-9", "a-1-10", "a-1-11", "a-2-0", "a-2-2"),
          List.of(
              read.get(0).id(),
              read.get(7).id(),
              read.get(8).id(),
              read.get(9).id(),
              read.get(10).id(),
              read.get(12).id()));
      Encoded stored = events("a", 1, 2, 3).getFirst();
      assertEquals(stored.type(), read.getFirst().type());
      assertEquals(stored.severity(), read.getFirst().severity());
      assertEquals(new String(stored.body(), UTF_8), new String(read.getFirst().body(), UTF_8));
    }
  }

  @Test
  void whatIsStoredIsThereAfterARestartUntilItIsDeleted() {
    try (TestStore store = open()) {
      store.spill().append(events("a", 1, 0, 100));
      store.spill().append(events("a", 1, 100, 150));
      store.spill().append(events("b", 1, 0, 1));
    }
    try (TestStore store = open()) {
      assertEquals(
          Map.of("a", new Totals(150, bytes(150)), "b", new Totals(1, bytes(1))),
          store.spill().totals());
      Batch first = store.batches("a").getFirst();
      assertEquals(100, first.count());
      store.spill().delete(first);
      store.spill().delete(first);
      assertEquals(100, store.batches("a").getFirst().firstSeq());
      assertEquals(50, stored(store));
      assertNull(store.spill().next("c", null));
    }
  }

  @Test
  void theSameBatchIsStoredOnce() {
    try (TestStore store = open()) {
      store.spill().append(events("a", 1, 0, 10));
      store.spill().append(events("a", 1, 0, 10));
      assertEquals(new Totals(10, bytes(10)), store.spill().totals().get("a"));
    }
  }

  @Test
  void theBatchBehindADeletedOneIsFound() {
    try (TestStore store = open()) {
      store.spill().append(events("a", 1, 0, 10));
      store.spill().append(events("a", 1, 10, 20));
      Batch first = store.batches("a").getFirst();
      store.spill().delete(first);
      Batch behind = store.spill().next("a", first);
      assertEquals(10, behind == null ? -1 : behind.firstSeq());
    }
  }

  @Test
  void aDamagedRowSaysHowManyEventsItHadAndThoseAroundItAreRead() throws Exception {
    try (TestStore store = open()) {
      for (long seq = 0; seq < 50; seq += 10) {
        store.spill().append(events("a", 1, seq, seq + 10));
      }
    }
    damage("frames = zeroblob(length(frames))", 10);
    damage("frames = substr(frames, 1, length(frames) - 5)", 20);
    damage("frames = x''", 30);
    try (TestStore store = open()) {
      assertEquals(
          List.of(false, true, true, true, false),
          store.batches("a").stream().map(Batch::corrupt).toList());
      assertEquals(
          List.of(10, 10, 10, 10, 10), store.batches("a").stream().map(Batch::count).toList());
      assertEquals(50, stored(store));
    }
  }

  @Test
  void aFormOfALaterVersionIsNotTakenForEvents() {
    byte[] frames = BatchFrames.write(events("a", 1, 0, 2));
    assertNotNull(BatchFrames.read(frames, "a", 1, 2, 0));
    assertNull(BatchFrames.read(frames, "a", 1, 3, 0));
    frames[0] = 2;
    assertNull(BatchFrames.read(frames, "a", 1, 2, 0));
  }

  @Test
  void aFileThatAnotherProgramKeepsLockedIsSaid() throws Exception {
    try (TestStore store = open()) {
      store.spill().append(events("a", 1, 0, 10));
      try (Connection locking = DriverManager.getConnection("jdbc:sqlite:" + file());
          Statement lock = locking.createStatement()) {
        lock.execute("begin immediate");
        SpillException locked =
            assertThrows(SpillException.class, () -> store.spill().append(events("a", 1, 10, 20)));
        assertSays(file().toString(), locked);
        lock.execute("rollback");
      }
      store.spill().append(events("a", 1, 10, 20));
      assertEquals(20, stored(store));
    }
  }

  @Test
  void aSecondCoordinatorOnTheSameFileIsRefused() {
    try (TestStore first = open();
        TestStore second = open()) {
      first.spill().append(events("a", 1, 0, 10));
      SpillException refused =
          assertThrows(SpillException.class, () -> second.spill().append(events("a", 1, 10, 20)));
      assertSays("another coordinator uses the file", refused);
    }
  }

  private static long stored(TestStore store) {
    return Objects.requireNonNull(store.spill().totals().get("a")).events();
  }

  private static void assertSays(String words, SpillException failure) {
    assertTrue(String.valueOf(failure.getMessage()).contains(words), failure::toString);
  }

  private TestStore open() {
    return new TestStore(file());
  }

  private Path file() {
    return folder.resolve("collectors.db");
  }

  private void damage(String change, long firstSeq) throws Exception {
    TestStore.tamper(
        file(), "update spilled_batches set %s where first_seq = %d".formatted(change, firstSeq));
  }

  private static long bytes(long events) {
    return events("a", 1, 0, events).stream().mapToLong(event -> event.body().length).sum();
  }
}
