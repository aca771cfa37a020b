package org.osprey.coordinator.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.osprey.coordinator.database.TestDatabase.done;
import static org.osprey.coordinator.database.TestDatabase.failure;
import static org.osprey.coordinator.database.TestDatabase.insert;
import static org.osprey.coordinator.database.TestDatabase.numbers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.DatabaseException.Reason;
import org.osprey.coordinator.database.TestDatabase.Hold;

/** What both databases do alike. */
interface DatabaseContract {

  /** Settings for a database of the test's own; the same one within a test. */
  DatabaseSettings.Builder settings();

  @Test
  default void tablesOfAnotherProgramAreRefusedAndLeftAlone() throws Exception {
    DatabaseSettings settings = settings().build();
    try (Database other =
        new Database(
            settings, List.of(DatabaseDeadLetters.FEATURE), Ticker.system(), new Random(1))) {
      other.start();
      done(other.write(handle -> handle.execute("create table numbers (id integer)")));
    }
    Jdbi foreign = Jdbi.create(Engine.of(settings).writing());
    try (Database database = TestDatabase.open(settings)) {
      String place = settings.address().place();
      assertEquals(
          place
              + ": the table numbers belongs to another program, want a database or schema without"
              + " it",
          database.check().detail());
      DatabaseException refused =
          assertThrows(DatabaseException.class, () -> TestDatabase.numbers(database));
      assertEquals(database.check().detail(), refused.getMessage());
      assertThrows(
          JdbiException.class,
          () -> foreign.useHandle(handle -> handle.execute("drop table migrations_of_numbers")));
      CompletionStage<Integer> early = database.write(insert(1));
      foreign.useHandle(handle -> handle.execute("drop table numbers"));
      assertEquals(1, done(early));
    }
  }

  /** So that an upgrade can be taken back. */
  @Test
  default void tablesThatALaterVersionHasChangedAreUsed() throws Exception {
    DatabaseSettings settings = settings().build();
    try (Database later = TestDatabase.open(settings)) {
      done(
          later.write(
              handle -> {
                handle.execute("alter table numbers add column colour text");
                return handle.execute(
                    "insert into migrations_of_numbers select max(installed_rank) + 1, '1000',"
                        + " 'add a colour', 'SQL', 'V1000__add_a_colour.sql', 1, 'test',"
                        + " current_timestamp, 1, true from migrations_of_numbers");
              }));
    }
    try (Database earlier = TestDatabase.open(settings)) {
      assertTrue(earlier.check().healthy(), earlier.check()::detail);
      assertEquals(1, done(earlier.write(insert(1))));
    }
  }

  @Test
  default void whatWaitsTogetherIsCommittedTogether() throws Exception {
    try (Database database = TestDatabase.open(settings().maxBatch(200).build())) {
      List<CompletionStage<Integer>> writes = new ArrayList<>();
      try (Hold hold = new Hold(database)) {
        for (int i = 0; i < 500; i++) {
          writes.add(database.write(insert(i)));
        }
        assertEquals(500, database.stats().queued());
        assertFalse(hold.stage().toCompletableFuture().isDone());
      }
      for (CompletionStage<Integer> write : writes) {
        assertEquals(1, done(write));
      }
      assertEquals(500, numbers(database).size());
      // The one that held the writer, then 200, 200 and 100.
      assertEquals(new DatabaseStats(0, 501, 4, 0, 0, 0), database.stats());
    }
  }

  @Test
  default void aStageCompletesOnlyAfterTheCommit() throws Exception {
    try (Database database = TestDatabase.open(settings().build())) {
      CountDownLatch secondRuns = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      CompletionStage<Integer> first;
      CompletionStage<Integer> second;
      try (Hold hold = new Hold(database)) {
        assertNotNull(hold);
        first = database.write(insert(1));
        second =
            database.write(
                handle -> {
                  secondRuns.countDown();
                  goOn.await();
                  return 2;
                });
      }
      secondRuns.await();
      assertFalse(first.toCompletableFuture().isDone());
      assertEquals(Set.of(), numbers(database), "a query sees what is not committed");
      goOn.countDown();
      done(first.thenAccept(rows -> assertEquals(Set.of(1L), numbers(database))));
      assertEquals(2, done(second));
    }
  }

  @Test
  default void aPieceThatFailsSpoilsNoOther() throws Exception {
    try (Database database = TestDatabase.open(settings().build())) {
      IllegalStateException fault = new IllegalStateException("planted");
      List<CompletionStage<Integer>> good = new ArrayList<>();
      CompletionStage<Integer> faulty;
      CompletionStage<Integer> duplicate;
      CompletionStage<Integer> broken;
      try (Hold hold = new Hold(database)) {
        assertNotNull(hold);
        good.add(database.write(insert(1)));
        faulty =
            database.write(
                handle -> {
                  insert(2).run(handle);
                  throw fault;
                });
        good.add(database.write(insert(3)));
        duplicate =
            database.write(handle -> handle.execute("insert into numbers (number) values (1)"));
        broken =
            database.write(
                handle -> {
                  insert(4).run(handle);
                  throw new StackOverflowError("planted");
                });
        good.add(database.write(insert(5)));
      }
      for (CompletionStage<Integer> write : good) {
        done(write);
      }
      assertSame(fault, failure(faulty));
      assertInstanceOf(org.jdbi.v3.core.JdbiException.class, failure(duplicate));
      assertInstanceOf(StackOverflowError.class, failure(broken));
      assertEquals(Set.of(1L, 3L, 5L), numbers(database));
      assertEquals(new DatabaseStats(0, 4, 2, 3, 0, 0), database.stats());
      assertTrue(database.check().healthy());
    }
  }

  @Test
  default void aFullQueueRefuses() throws Exception {
    try (Database database = TestDatabase.open(settings().queueSize(10).build())) {
      List<CompletionStage<Integer>> writes = new ArrayList<>();
      try (Hold hold = new Hold(database)) {
        assertNotNull(hold);
        for (int i = 0; i < 10; i++) {
          writes.add(database.write(insert(i)));
        }
        CompletionStage<Integer> refused = database.write(insert(10));
        assertTrue(refused.toCompletableFuture().isDone());
        assertEquals(
            Reason.QUEUE_FULL,
            assertInstanceOf(DatabaseException.class, failure(refused)).reason());
      }
      for (CompletionStage<Integer> write : writes) {
        done(write);
      }
      assertEquals(10, numbers(database).size());
      assertEquals(1, database.stats().refused());
      done(database.write(insert(11)));
    }
  }

  @Test
  default void workRunsInTheOrderOfWriting() throws Exception {
    try (Database database = TestDatabase.open(settings().maxBatch(7).build())) {
      List<Integer> order = new ArrayList<>();
      List<Integer> expected = new ArrayList<>();
      CompletionStage<Boolean> last = database.write(handle -> order.add(-1));
      expected.add(-1);
      for (int i = 0; i < 100; i++) {
        int number = i;
        last = database.write(handle -> order.add(number));
        expected.add(number);
      }
      done(last);
      assertEquals(expected, order);
    }
  }

  @Test
  default void whatIsWrittenNextMayBeAskedForWhereAStageCompletes() throws Exception {
    try (Database database = TestDatabase.open(settings().build())) {
      done(database.write(insert(1)).thenCompose(rows -> database.write(insert(2))));
      assertEquals(Set.of(1L, 2L), numbers(database));
    }
  }

  @Test
  default void queriesCannotWrite() {
    try (Database database = TestDatabase.open(settings().build())) {
      assertThrows(
          RuntimeException.class,
          () -> database.read(handle -> handle.execute("insert into numbers (number) values (1)")));
      assertEquals(Set.of(), numbers(database));
      assertTrue(database.check().healthy(), "the database is well");
    }
  }

  @Test
  default void closingWritesWhatWaits() throws Exception {
    List<CompletionStage<Integer>> writes = new ArrayList<>();
    Database database = TestDatabase.open(settings().build());
    Hold hold = new Hold(database);
    for (int i = 0; i < 50; i++) {
      writes.add(database.write(insert(i)));
    }
    Thread closer = Thread.ofPlatform().start(database::close);
    hold.close();
    closer.join();
    for (CompletionStage<Integer> write : writes) {
      assertTrue(write.toCompletableFuture().isDone());
      done(write);
    }
    assertClosed(database);
    try (Database again = TestDatabase.open(settings().build())) {
      assertEquals(50, numbers(again).size());
    }
  }

  @Test
  default void closingIsBoundedAndFailsWhatStillWaits() throws Exception {
    Database database = TestDatabase.open(settings().closeTimeout(Duration.ofMillis(50)).build());
    CompletionStage<Integer> waiting;
    try (Hold hold = new Hold(database)) {
      assertNotNull(hold);
      waiting = database.write(insert(1));
      database.close();
      assertEquals(
          Reason.CLOSED, assertInstanceOf(DatabaseException.class, failure(waiting)).reason());
    }
  }

  @Test
  default void whatWasNeverStartedCloses() throws Exception {
    Database database = TestDatabase.create(settings().build());
    CompletionStage<Integer> early = database.write(insert(1));
    Check check = database.check();
    assertFalse(check.healthy());
    assertTrue(check.detail().contains("not open yet"), check::detail);
    DatabaseException unread =
        assertThrows(DatabaseException.class, () -> database.read(handle -> 1));
    assertEquals(Reason.UNAVAILABLE, unread.reason());
    database.close();
    database.close();
    assertEquals(Reason.CLOSED, assertInstanceOf(DatabaseException.class, failure(early)).reason());
  }

  @Test
  default void workFromBeforeTheStartIsDoneAfterIt() throws Exception {
    try (Database database = TestDatabase.create(settings().build())) {
      CompletionStage<Integer> early = database.write(insert(1));
      database.start();
      database.awaitFirstTry();
      done(early);
      assertEquals(Set.of(1L), numbers(database));
    }
  }

  @Test
  default void tablesAreMadeOnce() throws Exception {
    DatabaseSettings settings = settings().build();
    for (long i = 1; i <= 3; i++) {
      try (Database database = TestDatabase.open(settings)) {
        assertTrue(database.check().healthy(), database.check()::detail);
        done(database.write(insert(i)));
        assertEquals(i, numbers(database).size());
      }
    }
  }

  private static void assertClosed(Database database) throws Exception {
    assertEquals(
        Reason.CLOSED,
        assertInstanceOf(DatabaseException.class, failure(database.write(insert(99)))).reason());
    assertEquals(
        Reason.CLOSED,
        assertThrows(DatabaseException.class, () -> database.read(handle -> 1)).reason());
    database.close();
  }
}
