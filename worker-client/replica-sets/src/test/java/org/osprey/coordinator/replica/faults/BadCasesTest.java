package org.osprey.coordinator.replica.faults;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.replica.ReplicaSets;
import org.osprey.coordinator.replica.TestDatabase;
import org.osprey.coordinator.replica.event.EventReader;
import org.osprey.coordinator.replica.event.EventStore;
import org.osprey.coordinator.replica.event.NewEvent;
import org.osprey.coordinator.replica.event.PersistedEvent;
import org.osprey.coordinator.replica.event.PostgresEventStore;
import org.osprey.coordinator.replica.event.StoreException;
import org.osprey.coordinator.replica.projection.Effects;
import org.osprey.coordinator.replica.projection.HandleContext;
import org.osprey.coordinator.replica.projection.Projection;
import org.osprey.coordinator.replica.projection.ReplicaSetRunner;
import org.postgresql.ds.PGSimpleDataSource;

/** What is set up wrongly ends a run at once and says why; what may pass does not. */
class BadCasesTest {
  private static final String SET = "main-projections";

  private final Effects effects = new Effects("effects");
  private final List<ReplicaSetRunner> runners = new ArrayList<>();

  @AfterEach
  void close() {
    runners.forEach(ReplicaSetRunner::close);
  }

  private ReplicaSetRunner runner(DataSource database) {
    ReplicaSetRunner runner =
        ReplicaSetRunner.builder()
            .dataSource(database)
            .eventStore(new PostgresEventStore(database))
            .replicaSet(SET)
            .heartbeatInterval(Duration.ofMillis(300))
            .staleWorkerTimeout(Duration.ofSeconds(2))
            .handlerTimeout(Duration.ofSeconds(1))
            .build();
    runners.add(runner);
    return runner;
  }

  private void start(DataSource database, Projection projection) {
    ReplicaSetRunner runner = runner(database);
    Thread thread = new Thread(() -> runner.run(List.of(projection)));
    thread.setDaemon(true);
    thread.start();
  }

  private String refused(DataSource database) {
    ReplicaSetRunner runner = runner(database);
    return String.valueOf(
        assertThrows(IllegalStateException.class, () -> runner.run(List.of(effects))).getMessage());
  }

  private static void execute(DataSource database, String... statements) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static void append(DataSource database, int events) {
    EventStore store = new PostgresEventStore(database);
    for (int i = 0; i < events; i++) {
      store.append(
          "stream-" + i % 50,
          EventStore.ANY_VERSION,
          List.of(NewEvent.of("counted", new byte[] {1})));
    }
  }

  @Test
  void missingTablesAreAllNamedWithWhatMakesThem() {
    String message = refused(TestDatabase.empty());
    assertEquals(
        "replica set main-projections cannot run:"
            + " table rs_sets is not there: call migrate once, and have it on the search_path;"
            + " table rs_workers is not there: call migrate once, and have it on the search_path;"
            + " table rs_checkpoints is not there: call migrate once, and have it on the"
            + " search_path; table rs_parked is not there: call migrate once, and have it on the"
            + " search_path",
        message);
  }

  @Test
  void missingRightsAreNamedWithRoleAndTable() throws SQLException {
    PGSimpleDataSource database = TestDatabase.create();
    String role = "reader_of_" + database.getDatabaseName();
    execute(
        database,
        "create role " + role + " login password 'secret'",
        "grant select, insert, update on rs_sets, rs_workers, rs_checkpoints to " + role,
        "grant all on rs_parked to " + role);
    PGSimpleDataSource limited = new PGSimpleDataSource();
    limited.setUrl(database.getUrl());
    limited.setUser(role);
    limited.setPassword("secret");
    assertEquals(
        "replica set main-projections cannot run: role "
            + role
            + " wants DELETE on table rs_workers",
        refused(limited));
    execute(database, "grant delete on rs_workers to " + role);
    assertEquals(
        "the event store cannot run: role " + role + " wants SELECT on table rs_events",
        refused(limited));
    limited.setPassword("wrong");
    assertTrue(refused(limited).contains("password authentication failed"));
  }

  @Test
  void anotherNumberOfSlotsIsRefused() throws SQLException {
    PGSimpleDataSource database = TestDatabase.create();
    execute(database, "insert into rs_sets (replica_set, slots) values ('" + SET + "', 16)");
    assertEquals(
        "replica set main-projections cannot run: it was made with 16 slots, want 64: they cannot"
            + " be changed",
        refused(database));
  }

  /** A session would write to positions that readers have passed. */
  @Test
  void positionsThatAreTakenInAdvanceAreRefused() throws SQLException {
    PGSimpleDataSource database = TestDatabase.create();
    execute(database, "alter table rs_events alter column position set cache 20");
    assertEquals(
        "the event store cannot run: the positions of rs_events are taken 20 at a time, want 1:"
            + " alter the identity column position with set cache 1",
        refused(database));
  }

  /** Where the locks of writers cannot be seen, what is missing cannot be judged. */
  @Test
  void aStandbyIsNotReadFrom() throws SQLException {
    PGSimpleDataSource database = TestDatabase.create();
    append(database, 10);
    execute(
        database,
        "create table standby ()",
        "create function public.pg_is_in_recovery() returns boolean language sql"
            + " as $$ select to_regclass('standby') is not null $$",
        // What a standby would answer is asked first.
        "alter database " + database.getDatabaseName() + " set search_path = public, pg_catalog");
    try (EventReader reader = new PostgresEventStore(database).reader(0)) {
      StoreException refused = assertThrows(StoreException.class, reader::horizon);
      assertEquals(
          "events must be read from the primary server, got a standby",
          Objects.requireNonNull(refused.getCause()).getMessage());
      execute(database, "drop table standby");
      assertEquals(10, reader.horizon());
    }
  }

  @Test
  void aDatabaseThatIsNotThereYetIsWaitedFor() throws SQLException {
    PGSimpleDataSource database = TestDatabase.create();
    Effects.createTable(database);
    append(database, 10);
    AtomicInteger failures = new AtomicInteger(2);
    start(failing(database, failures), effects);
    await().until(() -> effects.count(database) == 10);
    assertTrue(failures.get() < 0);
  }

  @Test
  void aRunThatWaitsForItsDatabaseCanBeClosed() {
    AtomicInteger failures = new AtomicInteger(Integer.MAX_VALUE);
    start(failing(TestDatabase.create(), failures), effects);
    await().until(() -> failures.get() < Integer.MAX_VALUE);
    runners.removeFirst().close();
  }

  private static DataSource failing(DataSource database, AtomicInteger failures) {
    return (DataSource)
        Proxy.newProxyInstance(
            BadCasesTest.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, values) -> {
              if (failures.getAndDecrement() > 0) {
                throw new SQLException("the database system is starting up", "57P03");
              }
              try {
                return method.invoke(database, values);
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
              }
            });
  }

  @Test
  void aRunnerThatWasNeverRunCanBeClosed() {
    ReplicaSetRunner runner = runner(TestDatabase.create());
    assertThrows(
        IllegalArgumentException.class,
        () -> runner.run(List.of(new Effects("same"), new Effects("same"))));
    runner.close();
  }

  /** Does what the others do, until it comes to an event at which it waits. */
  private static final class Hanging implements Projection {
    private final Effects effects;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch returned = new CountDownLatch(1);

    private Hanging(Effects effects) {
      this.effects = effects;
    }

    @Override
    public String name() {
      return effects.name();
    }

    @Override
    public void handle(PersistedEvent event, HandleContext context) throws Exception {
      if (event.position() == 20) {
        reached.countDown();
        // In the database, so that it does not end the transaction as idle.
        try (Statement statement = context.connection().createStatement()) {
          while (release.getCount() > 0) {
            statement.execute("select pg_sleep(0.05)");
          }
        }
        returned.countDown();
      }
      effects.handle(event, context);
    }
  }

  @Test
  void aHandlerThatHangsLosesItsPartAndDoesNotCommitItLater() throws Exception {
    PGSimpleDataSource database = TestDatabase.create();
    Effects.createTable(database);
    append(database, 100);
    Hanging hanging = new Hanging(effects);
    start(database, hanging);
    hanging.reached.await();
    start(database, effects);
    await().until(() -> effects.count(database) == 100);
    assertEquals(1, new ReplicaSets(database).list().getFirst().partitions());
    hanging.release.countDown();
    hanging.returned.await();
    await().until(() -> new ReplicaSets(database).list().getFirst().partitions() == 2);
    append(database, 100);
    await().until(() -> effects.count(database) == 200);
    effects.check(database, 200);
  }

  /** Whoever is alive must not be without its threads. */
  @Test
  void anErrorOfAHandlerEndsNoThread() throws SQLException {
    PGSimpleDataSource database = TestDatabase.create();
    Effects.createTable(database);
    append(database, 10);
    AtomicInteger errors = new AtomicInteger(2);
    start(
        database,
        new Projection() {
          @Override
          public String name() {
            return effects.name();
          }

          @Override
          public void handle(PersistedEvent event, HandleContext context) throws SQLException {
            effects.handle(event, context);
            if (event.position() == 5 && errors.getAndDecrement() > 0) {
              throw new StackOverflowError("as it happens");
            }
          }
        });
    await().until(() -> effects.count(database) == 10);
    effects.check(database, 10);
  }
}
