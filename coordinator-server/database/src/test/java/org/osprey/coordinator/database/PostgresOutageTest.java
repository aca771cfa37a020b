package org.osprey.coordinator.database;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.osprey.coordinator.database.TestDatabase.PATIENCE;
import static org.osprey.coordinator.database.TestDatabase.done;
import static org.osprey.coordinator.database.TestDatabase.insert;
import static org.osprey.coordinator.database.TestDatabase.numbers;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.DatabaseException.Reason;

/** Row R25 of the fault table, with a server of its own, which goes away and comes back. */
class PostgresOutageTest {
  private static final int ROUNDS = Integer.getInteger("database.outages", 2);

  @SuppressWarnings("NullAway.Init") // before all tests
  private static PostgresServer server;

  @BeforeAll
  static void start() {
    assumeTrue(PostgresServer.isInstalled(), "no PostgreSQL server is installed");
    server = PostgresServer.start();
  }

  @AfterAll
  static void stop() {
    if (PostgresServer.isInstalled()) {
      server.close();
    }
  }

  @Test
  void r25NothingIsLostOrLeftOpenWhenTheServerRestartsOrDies() throws Exception {
    DatabaseSettings settings = DatabaseSettings.builder().url(server.newDatabase()).build();
    try (Database database = TestDatabase.open(settings);
        WriteLoad load = new WriteLoad(database)) {
      for (int round = 0; round < ROUNDS; round++) {
        load.awaitMoreStored(500);
        server.stop();
        await().atMost(PATIENCE).until(() -> !database.check().healthy());
        server.restart();
        load.awaitMoreStored(500);
        server.kill();
        server.restart();
      }
      load.awaitMoreStored(500);
      Set<Long> stored = load.finish();
      awaitNumbers(database, stored);
      assertTrue(database.check().healthy());
      assertTrue(database.stats().retries() >= ROUNDS, database.stats()::toString);
      assertEquals(0, database.stats().failed());
      System.out.printf(
          "R25 fault=restart,kill_9_of_server database=postgres rounds=%d accepted_writes=%d"
              + " unknown=0 tried_again=%d%n",
          ROUNDS, stored.size(), database.stats().retries());
    }
  }

  @Test
  void aServerThatStandsStillIsNoticedAndNothingIsLost() throws Exception {
    String url = server.newDatabase() + "?socketTimeout=1";
    DatabaseSettings settings = DatabaseSettings.builder().url(url).build();
    try (Database database = TestDatabase.open(settings);
        WriteLoad load = new WriteLoad(database)) {
      load.awaitMoreStored(100);
      server.freeze();
      try {
        await().atMost(PATIENCE).until(() -> !database.check().healthy());
      } finally {
        server.thaw();
      }
      load.awaitMoreStored(500);
      awaitNumbers(database, load.finish());
      // A second is all that the server has for an answer.
      await().atMost(PATIENCE).until(() -> database.check().healthy());
    }
  }

  @Test
  void anOutageIsNoticedWithNothingToDoAndEnds() throws Exception {
    AtomicLong later = new AtomicLong();
    Ticker ticker = () -> System.nanoTime() + later.get();
    DatabaseSettings settings =
        DatabaseSettings.builder()
            .url(server.newDatabase())
            .busyTimeout(Duration.ofMillis(250))
            .build();
    try (Database database = new Database(settings, List.of("numbers"), ticker, new Random(1))) {
      database.start();
      database.awaitFirstTry();
      done(database.write(insert(1)));
      awaitNumbers(database, Set.of(1L));
      server.stop();
      later.addAndGet(Duration.ofSeconds(10).toNanos());
      await().atMost(PATIENCE).until(() -> !database.check().healthy());
      DatabaseException unread = assertThrows(DatabaseException.class, () -> numbers(database));
      assertEquals(Reason.UNAVAILABLE, unread.reason());
      server.restart();
      await().atMost(PATIENCE).until(() -> database.check().healthy());
      awaitNumbers(database, Set.of(1L));
    }
  }

  @Test
  void aServerThatComesLaterIsWaitedFor() throws Exception {
    String url = server.newDatabase();
    server.stop();
    try (Database database = TestDatabase.create(DatabaseSettings.builder().url(url).build())) {
      CompletionStage<Integer> early = database.write(insert(1));
      database.start();
      database.awaitFirstTry();
      assertTrue(
          database.check().detail().endsWith(": cannot be reached"), database.check()::detail);
      assertFalse(early.toCompletableFuture().isDone());
      server.restart();
      done(early);
      assertEquals(Set.of(1L), numbers(database));
      assertTrue(database.check().healthy());
    }
  }

  @Test
  void closingDuringAnOutageDoesNotWaitForItsEnd() throws Exception {
    DatabaseSettings settings =
        DatabaseSettings.builder()
            .url(server.newDatabase())
            .closeTimeout(Duration.ofMinutes(10))
            .build();
    Database database = TestDatabase.open(settings);
    server.stop();
    try {
      CompletionStage<Integer> write = database.write(insert(1));
      await().atMost(PATIENCE).until(() -> !database.check().healthy());
      database.close();
      assertTrue(write.toCompletableFuture().isCompletedExceptionally());
    } finally {
      server.restart();
    }
  }

  /** A connection for it may be lost, or slow to come. */
  private static void awaitNumbers(Database database, Set<Long> expected) {
    await().atMost(PATIENCE).ignoreExceptions().until(() -> numbers(database).equals(expected));
  }
}
