package org.osprey.coordinator.streams.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.osprey.coordinator.streams.store.Databases.done;
import static org.osprey.coordinator.streams.store.Databases.failure;
import static org.osprey.coordinator.streams.store.Databases.snapshot;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.DatabaseSettings;
import org.osprey.coordinator.streams.Hold;
import org.osprey.coordinator.streams.Snapshot;
import org.osprey.coordinator.streams.SnapshotStore.NotHeldException;

/** What the store of snapshots promises, on either database. */
@Timeout(120)
abstract class SnapshotsSuite {
  private DatabaseSettings settings;
  private Database database;
  private DatabaseSnapshots snapshots;
  private PartitionTable table;
  private Hold hold;

  /** An empty database of its own. */
  abstract DatabaseSettings settings();

  final Database database() {
    return database;
  }

  final DatabaseSettings sameSettings() {
    return settings;
  }

  @BeforeEach
  final void open() throws Exception {
    settings = settings();
    database = Databases.open(settings);
    snapshots = new DatabaseSnapshots(database, "me");
    table = new PartitionTable(database, "me", Duration.ofHours(1));
    hold = claimAll().get(5);
  }

  @AfterEach
  final void close() {
    database.close();
  }

  @Test
  void aStreamComesBackAsItWas() throws Exception {
    assertEquals(List.of(), snapshots.load(5));
    assertNull(failure(snapshots.save(hold, snapshot("b", 1))));
    assertNull(failure(snapshots.save(hold, snapshot("a", Long.MAX_VALUE))));
    assertEquals(List.of(snapshot("a", Long.MAX_VALUE), snapshot("b", 1)), snapshots.load(5));
    assertEquals(List.of(), snapshots.load(6));
  }

  @Test
  void theLastOneSavedCounts() throws Exception {
    CompletionStage<Void> last = snapshots.save(hold, snapshot("a", 1));
    for (int run = 2; run <= 100; run++) {
      last = snapshots.save(hold, snapshot("a", run));
    }
    done(last);
    assertEquals(List.of(snapshot("a", 100)), snapshots.load(5));
  }

  @Test
  void whatIsRemovedIsGone() throws Exception {
    done(snapshots.save(hold, snapshot("a", 1)));
    done(snapshots.save(hold, snapshot("b", 1)));
    done(snapshots.remove(hold, "a"));
    assertEquals(List.of(snapshot("b", 1)), snapshots.load(5));
    assertNull(failure(snapshots.remove(hold, "a")));
  }

  @Test
  void nothingIsWrittenWithAHoldThatIsOver() throws Exception {
    done(snapshots.save(hold, snapshot("a", 1)));
    Hold newer = claimAll().get(5);
    assertEquals(hold.epoch() + 1, newer.epoch());
    assertInstanceOf(NotHeldException.class, failure(snapshots.save(hold, snapshot("a", 2))));
    assertInstanceOf(NotHeldException.class, failure(snapshots.save(hold, snapshot("b", 2))));
    assertInstanceOf(NotHeldException.class, failure(snapshots.remove(hold, "a")));
    assertEquals(List.of(snapshot("a", 1)), snapshots.load(5));
    done(snapshots.save(newer, snapshot("a", 3)));
    assertEquals(List.of(snapshot("a", 3)), snapshots.load(5));
  }

  @Test
  void aHoldIsOnlyItsOwners() throws Exception {
    DatabaseSnapshots others = new DatabaseSnapshots(database, "other");
    assertInstanceOf(NotHeldException.class, failure(others.save(hold, snapshot("a", 1))));
    done(table.free(hold));
    assertInstanceOf(NotHeldException.class, failure(snapshots.save(hold, snapshot("a", 1))));
    assertEquals(List.of(), snapshots.load(5));
  }

  /** They share a transaction with the one that fails. */
  @Test
  void oneThatIsNotHeldLeavesTheOthersAlone() throws Exception {
    Hold over = new Hold(6, hold.epoch() - 1);
    CompletionStage<Void> first = snapshots.save(hold, snapshot("a", 1));
    CompletionStage<Void> wrong = snapshots.save(over, snapshot("w", 1));
    CompletionStage<Void> last = snapshots.save(hold, snapshot("b", 1));
    assertNull(failure(first));
    assertInstanceOf(NotHeldException.class, failure(wrong));
    assertNull(failure(last));
    assertEquals(List.of(snapshot("a", 1), snapshot("b", 1)), snapshots.load(5));
    assertEquals(List.of(), snapshots.load(6));
  }

  @Test
  void aRowThatCannotBeReadIsLeftOut() throws Exception {
    for (String id : List.of("a", "bad-config", "bad-mode", "z")) {
      done(snapshots.save(hold, snapshot(id, 1)));
    }
    done(
        database.write(
            handle ->
                handle.execute(
                        "update scheduled_streams set config = ? where stream_id = 'bad-config'",
                        "\u0001no protobuf".getBytes(UTF_8))
                    + handle.execute(
                        "update scheduled_streams set mode = 'X' where stream_id = 'bad-mode'")));
    assertEquals(List.of("a", "z"), snapshots.load(5).stream().map(Snapshot::streamId).toList());
    done(snapshots.save(hold, snapshot("bad-mode", 2)));
    assertEquals(3, snapshots.load(5).size());
  }

  /** Everything anew, in the order of the partitions. */
  private List<Hold> claimAll() throws Exception {
    return done(table.round(List.of())).claimed().stream()
        .sorted(Comparator.comparingInt(Hold::partition))
        .toList();
  }
}
