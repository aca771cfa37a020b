package org.osprey.coordinator.streams.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.osprey.coordinator.streams.store.Databases.done;
import static org.osprey.coordinator.streams.store.Databases.failure;
import static org.osprey.coordinator.streams.store.Databases.snapshot;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.DatabaseSettings;
import org.osprey.coordinator.database.PostgresServer;
import org.osprey.coordinator.streams.Hold;
import org.osprey.coordinator.streams.SnapshotStore.NotHeldException;

class PostgresSnapshotsTest extends SnapshotsSuite {
  private static final String ID = Databases.idIn(5);

  private static PostgresServer server;

  @BeforeAll
  static void start() {
    assumeTrue(PostgresServer.isInstalled(), "no PostgreSQL server is installed");
    server = PostgresServer.start();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Override
  DatabaseSettings settings() {
    return DatabaseSettings.builder().url(server.newDatabase()).build();
  }

  /** Between the look at the hold and the commit. */
  @Test
  void aClaimWaitsForAWriteThatHasBegun() throws Exception {
    try (Database other = Databases.open(sameSettings())) {
      PartitionTable mine = new PartitionTable(database(), "me", Duration.ofMillis(1));
      PartitionTable theirs = new PartitionTable(other, "other", Duration.ofMillis(1));
      Hold hold = partition5(done(mine.round(List.of())).claimed());
      CountDownLatch written = new CountDownLatch(1);
      CountDownLatch letCommit = new CountDownLatch(1);
      CompletionStage<Void> saved = saveAndWait(hold, written, letCommit);
      written.await();
      assertEquals(63, done(theirs.round(List.of())).claimed().size());
      letCommit.countDown();
      assertNull(failure(saved));
      Hold later = partition5(done(theirs.round(List.of())).claimed());
      assertEquals(hold.epoch() + 1, later.epoch());
      DatabaseSnapshots others = new DatabaseSnapshots(other, "other");
      assertEquals(List.of(snapshot(ID, 1)), others.load(5));
    }
  }

  /** In one transaction, which stays open until it may commit. */
  private CompletionStage<Void> saveAndWait(
      Hold hold, CountDownLatch written, CountDownLatch letCommit) throws Exception {
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch unblock = new CountDownLatch(1);
    CompletionStage<Boolean> before =
        database()
            .write(
                handle -> {
                  blocked.countDown();
                  return unblock.await(30, TimeUnit.SECONDS);
                });
    blocked.await();
    CompletionStage<Void> saved =
        new DatabaseSnapshots(database(), "me").save(hold, snapshot(ID, 1));
    CompletionStage<Boolean> after =
        database()
            .write(
                handle -> {
                  written.countDown();
                  return letCommit.await(30, TimeUnit.SECONDS);
                });
    unblock.countDown();
    return before.thenCombine(after, (one, other) -> one).thenCompose(ended -> saved);
  }

  @Test
  void nothingIsWrittenAfterAnothersClaim() throws Exception {
    try (Database other = Databases.open(sameSettings())) {
      PartitionTable mine = new PartitionTable(database(), "me", Duration.ofMillis(1));
      PartitionTable theirs = new PartitionTable(other, "other", Duration.ofMillis(1));
      DatabaseSnapshots ours = new DatabaseSnapshots(database(), "me");
      DatabaseSnapshots others = new DatabaseSnapshots(other, "other");
      for (int i = 0; i < 20; i++) {
        Hold hold = claim5(mine);
        AtomicLong stored = new AtomicLong();
        CompletionStage<Void> end = saveUntilRefused(ours, hold, 1, stored);
        Databases.await(() -> stored.get() > 0);
        claim5(theirs);
        long loaded = others.load(5).getFirst().run();
        assertNull(failure(end));
        assertEquals(loaded, others.load(5).getFirst().run());
        assertEquals(loaded, stored.get());
      }
    }
  }

  private static CompletionStage<Void> saveUntilRefused(
      DatabaseSnapshots snapshots, Hold hold, long run, AtomicLong stored) {
    return snapshots
        .save(hold, snapshot(ID, run))
        .handle(
            (nothing, failure) -> {
              if (failure != null) {
                assertInstanceOf(NotHeldException.class, failure);
                return CompletableFuture.<Void>completedStage(null);
              }
              stored.set(run);
              return saveUntilRefused(snapshots, hold, run + 1, stored);
            })
        .thenCompose(next -> next);
  }

  /** Others may be writing with it at the moment. */
  private static Hold claim5(PartitionTable table) throws Exception {
    while (true) {
      for (Hold hold : done(table.round(List.of())).claimed()) {
        if (hold.partition() == 5) {
          return hold;
        }
      }
    }
  }

  private static Hold partition5(List<Hold> claimed) {
    return claimed.stream().filter(hold -> hold.partition() == 5).findFirst().orElseThrow();
  }
}
