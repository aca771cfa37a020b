package org.osprey.coordinator.database;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.osprey.coordinator.database.TestDatabase.PATIENCE;
import static org.osprey.coordinator.database.TestDatabase.done;
import static org.osprey.coordinator.database.TestDatabase.failure;
import static org.osprey.coordinator.database.TestDatabase.insert;
import static org.osprey.coordinator.database.TestDatabase.numbers;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.database.DatabaseException.Reason;
import org.osprey.coordinator.database.TestDatabase.Hold;

class PostgresDatabaseTest implements DatabaseContract {
  private final PostgresServer server = TestPostgres.server();
  private String name = "";

  @BeforeEach
  void newDatabase() {
    String url = server.newDatabase();
    name = url.substring(url.lastIndexOf('/') + 1);
  }

  @Override
  public DatabaseSettings.Builder settings() {
    return DatabaseSettings.builder().url(server.url(name));
  }

  @Test
  void twoCoordinatorsShareOneDatabase() throws Exception {
    try (Database first = TestDatabase.open(settings().build());
        Database second = TestDatabase.open(settings().build())) {
      done(first.write(insert(1)));
      done(second.write(insert(2)));
      assertEquals(Set.of(1L, 2L), numbers(first));
    }
  }

  @Test
  void twoCoordinatorsMayStartAtOnce() throws Exception {
    DatabaseSettings settings = settings().build();
    try (Database first = TestDatabase.create(settings);
        Database second = TestDatabase.create(settings)) {
      CompletableFuture<Void> starting = CompletableFuture.runAsync(second::start);
      first.start();
      first.awaitFirstTry();
      done(starting);
      done(first.write(insert(1)));
      done(second.write(insert(2)));
      assertEquals(Set.of(1L, 2L), numbers(second));
    }
  }

  @Test
  void aWrongPasswordIsNamedUntilItIsRight() throws Exception {
    String role = "guard_" + name;
    server.execute(name, "create role %s login superuser password 'right'".formatted(role));
    DatabaseSettings settings = settings().user(role).password("wrong-secret").build();
    try (Database database = TestDatabase.open(settings)) {
      Check check = database.check();
      assertFalse(check.healthy());
      assertEquals(
          "database.url=postgresql://%s/%s: login refused, look at database.user and"
                  .formatted(server.address(), name)
              + " database.password",
          check.detail());
      CompletionStage<Integer> early = database.write(insert(1));
      server.execute(name, "alter role %s password 'wrong-secret'".formatted(role));
      done(early);
      assertTrue(database.check().healthy());
    }
  }

  @Test
  void aMissingDatabaseIsNamedUntilItIsThere() throws Exception {
    String missing = name + "_later";
    DatabaseSettings settings = DatabaseSettings.builder().url(server.url(missing)).build();
    try (Database database = TestDatabase.open(settings)) {
      assertTrue(database.check().detail().endsWith(missing + ": no such database"));
      server.execute(name, "create database " + missing);
      await().atMost(PATIENCE).until(() -> database.check().healthy());
      done(database.write(insert(1)));
    }
  }

  @Test
  void aServerThatIsNotThereIsNamed() {
    // The discard port.
    DatabaseSettings settings =
        DatabaseSettings.builder().url("postgres://u:hush@127.0.0.1:9/db").build();
    try (Database database = TestDatabase.open(settings)) {
      assertEquals(
          "database.url=postgresql://127.0.0.1:9/db: cannot be reached", database.check().detail());
    }
  }

  @Test
  void aUserWhoMayNotConnectIsNamed() {
    String role = "poor_" + name;
    server.execute(name, "create role %s login password 'x'".formatted(role));
    server.execute(name, "revoke connect on database %s from public".formatted(name));
    try (Database database = TestDatabase.open(settings().user(role).password("x").build())) {
      String detail = database.check().detail();
      assertTrue(detail.contains(": the user may not do this: "), detail);
    }
  }

  @Test
  void anErrorThatWorkSwallowsFailsJustThatWork() throws Exception {
    try (Database database = TestDatabase.open(settings().build())) {
      CompletionStage<Integer> before;
      CompletionStage<Integer> swallowing;
      CompletionStage<Integer> after;
      try (Hold hold = new Hold(database)) {
        before = database.write(insert(1));
        swallowing =
            database.write(
                handle -> {
                  insert(2).run(handle);
                  try {
                    return handle.execute("insert into nowhere values (1)");
                  } catch (RuntimeException e) {
                    return 0;
                  }
                });
        after = database.write(insert(3));
        assertFalse(hold.stage().toCompletableFuture().isDone());
      }
      done(before);
      done(after);
      // What was swallowed comes to light.
      assertEquals("42P01", sqlState(failure(swallowing)));
      assertEquals(Set.of(1L, 3L), numbers(database));
    }
  }

  @Test
  void aPieceThatFailsTheCommitIsFoundAndTheRestIsStored() throws Exception {
    server.execute(
        name,
        """
        create table deferred (
          number bigint, unique (number) deferrable initially deferred)
        """);
    try (Database database = TestDatabase.open(settings().build())) {
      CompletionStage<Integer> before;
      CompletionStage<Integer> spoiling;
      CompletionStage<Integer> after;
      try (Hold hold = new Hold(database)) {
        before = database.write(insert(1));
        spoiling = database.write(handle -> handle.execute("insert into deferred values (1), (1)"));
        after = database.write(insert(3));
        assertFalse(hold.stage().toCompletableFuture().isDone());
      }
      done(before);
      done(after);
      assertEquals("23505", sqlState(failure(spoiling)));
      assertEquals(Set.of(1L, 3L), numbers(database));
      assertEquals(new DatabaseStats(0, 3, 3, 1, 1, 0), database.stats());
    }
  }

  @Test
  void aPieceThatCostsTheConnectionEachTimeIsGivenUpAndTheRestIsStored() throws Exception {
    try (Database database = TestDatabase.open(settings().build())) {
      CompletionStage<Integer> before;
      CompletionStage<Integer> deadly;
      CompletionStage<Integer> after;
      try (Hold hold = new Hold(database)) {
        before = database.write(insert(1));
        deadly =
            database.write(
                handle -> handle.execute("select pg_terminate_backend(pg_backend_pid())"));
        after = database.write(insert(3));
        assertFalse(hold.stage().toCompletableFuture().isDone());
      }
      done(before);
      done(after);
      DatabaseException failure = assertInstanceOf(DatabaseException.class, failure(deadly));
      assertEquals(Reason.UNAVAILABLE, failure.reason());
      assertEquals(Set.of(1L, 3L), numbers(database));
      assertTrue(database.check().healthy());
    }
  }

  @Test
  void aDeadlockIsTriedAgain() throws Exception {
    try (Database database = TestDatabase.open(settings().build());
        Connection other = connect();
        Statement statement = other.createStatement()) {
      done(database.write(insert(1)));
      done(database.write(insert(2)));
      // So that it is the writer that gives way: it looks for a deadlock sooner, and waits later.
      statement.execute("set deadlock_timeout = '1min'");
      other.setAutoCommit(false);
      lock(statement, 1);
      CountDownLatch hasTwo = new CountDownLatch(1);
      CompletionStage<Integer> write =
          database.write(
              handle -> {
                handle.execute("set local deadlock_timeout = '100ms'");
                handle.execute("update numbers set text = 'w' where number = 2");
                if (hasTwo.getCount() > 0) {
                  hasTwo.countDown();
                  awaitWhoWaits(handle);
                }
                return handle.execute("update numbers set text = 'w' where number = 1");
              });
      hasTwo.await();
      lock(statement, 2);
      other.commit();
      assertEquals(1, done(write));
      assertEquals(1, database.stats().retries());
      assertEquals(0, database.stats().failed());
    }
  }

  @Test
  void aDeadlockIsTriedAgainHoweverOftenItComes() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    try (Database database = TestDatabase.open(settings().build())) {
      CompletionStage<Integer> write =
          database.write(
              handle -> {
                if (runs.incrementAndGet() <= 6) {
                  handle.execute("do 'begin raise exception using errcode = ''40P01''; end'");
                }
                return insert(1).run(handle);
              });
      done(write);
      assertEquals(Set.of(1L), numbers(database));
      assertEquals(new DatabaseStats(0, 1, 1, 0, 6, 0), database.stats());
    }
  }

  private static String sqlState(Throwable failure) {
    return Objects.requireNonNull(Causes.sql(failure), failure::toString).getSQLState();
  }

  /** On the thread that the handle belongs to. */
  private static void awaitWhoWaits(Handle handle) {
    String waiting = "select count(*) from pg_locks where not granted";
    while (handle.createQuery(waiting).mapTo(Integer.class).one() == 0) {
      Thread.onSpinWait();
    }
  }

  private static void lock(Statement statement, int number) throws SQLException {
    statement.execute("update numbers set text = 'o' where number = " + number);
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://%s/%s".formatted(server.address(), name),
        PostgresServer.USER,
        PostgresServer.PASSWORD);
  }
}
