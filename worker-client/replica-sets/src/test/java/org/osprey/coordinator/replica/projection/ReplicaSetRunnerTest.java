package org.osprey.coordinator.replica.projection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.replica.ReplicaSets;
import org.osprey.coordinator.replica.TestDatabase;
import org.osprey.coordinator.replica.event.EventStore;
import org.osprey.coordinator.replica.event.NewEvent;
import org.osprey.coordinator.replica.event.PersistedEvent;
import org.osprey.coordinator.replica.event.PostgresEventStore;
import org.postgresql.ds.PGSimpleDataSource;

class ReplicaSetRunnerTest {
  private static final int STREAMS = 50;

  private final PGSimpleDataSource database = TestDatabase.create();
  private final EventStore store = new PostgresEventStore(database);
  private final List<ReplicaSetRunner> runners = new ArrayList<>();
  private long events;

  @BeforeEach
  void makeTable() throws SQLException {
    Effects.createTable(database);
  }

  @AfterEach
  void close() {
    runners.forEach(ReplicaSetRunner::close);
  }

  private ReplicaSetRunner.Builder settings() {
    return ReplicaSetRunner.builder()
        .dataSource(database)
        .eventStore(store)
        .replicaSet("main-projections")
        .heartbeatInterval(Duration.ofMillis(500))
        .staleWorkerTimeout(Duration.ofSeconds(30))
        .batchSize(20);
  }

  private ReplicaSetRunner run(Projection... projections) {
    ReplicaSetRunner runner = settings().build();
    runners.add(runner);
    Thread thread = new Thread(() -> runner.run(List.of(projections)));
    thread.setDaemon(true);
    thread.start();
    return runner;
  }

  private void append(int count) {
    for (int i = 0; i < count; i++) {
      store.append(
          "stream-" + events % STREAMS,
          EventStore.ANY_VERSION,
          List.of(NewEvent.of("counted", Long.toString(events).getBytes(UTF_8))));
      events++;
    }
  }

  @Test
  void workersThatComeAndGoHandleEachEventOnce() throws SQLException {
    Effects one = new Effects("one");
    Effects other = new Effects("other");
    append(300);
    run(one, other);
    await().until(() -> one.count(database) > 50);
    run(one, other);
    run(one, other);
    append(300);
    await().until(() -> other.count(database) > 300);
    runners.removeFirst().close();
    append(300);
    await().until(() -> one.count(database) == events && other.count(database) == events);
    one.check(database, events);
    other.check(database, events);
  }

  @Test
  void slotsThatAreFurtherThanOthersAreNotHandledAgain() throws SQLException {
    Effects effects = new Effects("uneven");
    append(300);
    run(effects);
    await().until(() -> effects.count(database) == events);
    runners.removeFirst().close();
    set("update rs_checkpoints set position = 250 where slot % 2 = 1");
    set("update rs_checkpoints set position = 100 where slot % 2 = 0");
    set("delete from effects where position > case slot % 2 when 1 then 250 else 100 end");
    append(1);
    run(effects);
    await().until(() -> effects.greatest(database) == events);
    effects.check(database, events);
  }

  private void set(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void whatAFailedHandlerWroteIsRolledBack() throws SQLException {
    Effects effects = new Effects("failing");
    AtomicInteger failures = new AtomicInteger(3);
    append(30);
    run(
        new Projection() {
          @Override
          public String name() {
            return effects.name();
          }

          @Override
          public void handle(PersistedEvent event, HandleContext context) throws SQLException {
            effects.handle(event, context);
            if (event.position() == 10 && failures.getAndDecrement() > 0) {
              throw new SQLException("as ever");
            }
          }
        });
    await().until(() -> effects.count(database) == events);
    effects.check(database, events);
  }

  @Test
  void aHandlerCannotEndTheTransaction() throws SQLException {
    AtomicReference<UnsupportedOperationException> refused = new AtomicReference<>();
    Effects effects = new Effects("curious");
    append(1);
    run(
        new Projection() {
          @Override
          public String name() {
            return effects.name();
          }

          @Override
          public void handle(PersistedEvent event, HandleContext context) throws SQLException {
            effects.handle(event, context);
            refused.set(
                assertThrows(
                    UnsupportedOperationException.class, () -> context.connection().commit()));
          }
        });
    await().until(() -> effects.count(database) == 1);
    assertTrue(String.valueOf(refused.get().getMessage()).startsWith("commit: "));
  }

  /** Fails at every event of one stream while it is told to. */
  private static final class Choosy implements Projection {
    private final Effects effects = new Effects("choosy");
    private final AtomicBoolean failing = new AtomicBoolean(true);

    @Override
    public String name() {
      return effects.name();
    }

    @Override
    public void handle(PersistedEvent event, HandleContext context) throws SQLException {
      effects.handle(event, context);
      if (failing.get() && event.streamId().equals("stream-7")) {
        throw new SQLException("not this one");
      }
    }

    @Override
    public OnFailure onFailure(PersistedEvent event, Exception failure, int attempt) {
      return OnFailure.PARK;
    }
  }

  @Test
  void aParkedStreamWaitsAloneAndIsReplayedInOrder() throws SQLException {
    Choosy choosy = new Choosy();
    ReplicaSets operator = new ReplicaSets(database);
    append(200);
    run(choosy);
    run(choosy);
    await().until(() -> choosy.effects.count(database) == 196);
    append(50);
    await().until(() -> choosy.effects.count(database) == 245);
    List<ReplicaSets.ParkedEvent> parked = operator.parked("main-projections", "choosy", 100);
    assertEquals(5, parked.size());
    assertEquals("java.sql.SQLException: not this one", parked.getFirst().error());
    assertEquals(5, operator.release("main-projections", "choosy", "stream-7"));
    await()
        .until(
            () ->
                operator.parked("main-projections", "choosy", 100).stream()
                    .noneMatch(ReplicaSets.ParkedEvent::released));
    assertEquals(245, choosy.effects.count(database));
    choosy.failing.set(false);
    operator.release("main-projections", "choosy", "stream-7");
    append(50);
    await().until(() -> choosy.effects.count(database) == events);
    choosy.effects.check(database, events);
  }

  @Test
  void aResetBeginsAgain() throws SQLException {
    Effects effects = new Effects("again");
    ReplicaSets operator = new ReplicaSets(database);
    append(100);
    run(effects);
    await().until(() -> effects.count(database) == 100);
    long generation = operator.list().getFirst().generation();
    operator.reset("main-projections", "again", 40);
    await().until(() -> effects.count(database) == 160);
    assertEquals(generation + 1, operator.list().getFirst().generation());
    assertEquals(
        List.of(new ReplicaSets.ProjectionState("again", 100, 100, 0, 0)),
        operator.projections("main-projections"));
    assertThrows(
        IllegalArgumentException.class, () -> operator.reset("main-projections", "none", 0));
    assertEquals(generation + 1, operator.list().getFirst().generation());
  }

  @Test
  void settingsThatCannotBeUsedAreNamed() {
    assertEquals(
        "batchSize must be from 1 to 100000, got 0",
        assertThrows(IllegalArgumentException.class, () -> settings().batchSize(0).build())
            .getMessage());
    assertEquals(
        "staleWorkerTimeout must be at least 3 heartbeatIntervals (PT1.5S), got PT1S",
        assertThrows(
                IllegalArgumentException.class,
                () -> settings().staleWorkerTimeout(Duration.ofSeconds(1)).build())
            .getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> settings().build().run(List.of(new Effects("same"), new Effects("same"))));
  }
}
