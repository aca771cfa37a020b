package org.osprey.coordinator.replica.event;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.replica.TestDatabase;
import org.postgresql.ds.PGSimpleDataSource;

/** Also what only transactions can do: positions that come late, or never. */
class PostgresEventStoreTest extends EventStoreContract {
  private static final int WRITERS = 8;
  private static final int APPENDS = Integer.getInteger("replica.appends", 100);

  private final PGSimpleDataSource database = TestDatabase.create();

  @Override
  EventStore store() {
    return new PostgresEventStore(database);
  }

  private Connection open() throws SQLException {
    Connection connection = database.getConnection();
    connection.setAutoCommit(false);
    return connection;
  }

  @Test
  void migratingAgainChangesNothing() {
    store().append("a", 0, events(1));
    PostgresEventStore.migrate(database);
    assertEquals(1, all(store(), Slots.all()).size());
  }

  @Test
  void anOpenTransactionHoldsTheHorizonUntilItsCommit() throws SQLException {
    try (Connection slow = open();
        EventReader reader = store().reader(0)) {
      PostgresEventStore.append(slow, "slow", 0, events(2));
      store().append("quick", 0, events(1));
      assertEquals(0, reader.horizon());
      EventReader.Gap gap = reader.gap();
      assertNotNull(gap);
      assertAll(
          () -> assertEquals(1, gap.first()),
          () -> assertEquals(1, gap.holders().size()),
          () -> assertEquals(List.of(), reader.read(0, 10, Slots.all())));
      slow.commit();
      assertEquals(3, reader.horizon());
      assertNull(reader.gap());
      assertEquals(3, reader.read(0, 10, Slots.all()).size());
      assertEquals(0, reader.deadPositions());
    }
  }

  @Test
  void positionsOfARollbackArePassedAtOnce() throws SQLException {
    try (Connection failing = open();
        EventReader reader = store().reader(0)) {
      PostgresEventStore.append(failing, "failing", 0, events(3));
      store().append("quick", 0, events(1));
      assertEquals(0, reader.horizon());
      failing.rollback();
      assertEquals(4, reader.horizon());
      assertEquals(3, reader.deadPositions());
      assertEquals(1, reader.read(0, 10, Slots.all()).size());
    }
  }

  /** Later writers come and go without end; the hole does not wait for them. */
  @Test
  void onlyThoseWhoCanFillTheHoleAreWaitedFor() throws SQLException {
    try (Connection first = open();
        Connection later = open();
        EventReader reader = store().reader(0)) {
      PostgresEventStore.append(first, "first", 0, events(1));
      store().append("quick", 0, events(1));
      assertEquals(0, reader.horizon());
      PostgresEventStore.append(later, "later", 0, events(1));
      first.rollback();
      assertEquals(2, reader.horizon());
      later.commit();
      assertEquals(3, reader.horizon());
    }
  }

  @Test
  void strangersDoNotHoldTheHorizon() throws SQLException {
    try (Connection idle = open();
        Connection writing = open();
        Statement reading = idle.createStatement();
        Statement foreign = writing.createStatement();
        Connection failing = open();
        EventReader reader = store().reader(0)) {
      reading.execute("select count(*) from rs_events");
      foreign.execute("create table foreign_table (n int)");
      foreign.execute("insert into foreign_table values (1)");
      PostgresEventStore.append(failing, "failing", 0, events(1));
      failing.rollback();
      store().append("quick", 0, events(1));
      assertEquals(2, reader.horizon());
    }
  }

  @Test
  void aSessionThatIsKilledLeavesDeadPositions() throws SQLException {
    try (Connection doomed = open();
        Statement statement = doomed.createStatement();
        EventReader reader = store().reader(0)) {
      PostgresEventStore.append(doomed, "doomed", 0, events(5));
      var pid = statement.executeQuery("select pg_backend_pid()");
      assertTrue(pid.next());
      int process = pid.getInt(1);
      store().append("quick", 0, events(1));
      assertEquals(0, reader.horizon());
      assertEquals(
          List.of(Integer.toString(process)),
          java.util.Objects.requireNonNull(reader.gap()).holders());
      TestDatabase.server()
          .execute(database.getDatabaseName(), "select pg_terminate_backend(" + process + ")");
      await().until(() -> reader.horizon() == 6);
      assertEquals(5, reader.deadPositions());
    }
  }

  /** Writers that commit late, out of order, or not at all, beside a reader that never stops. */
  @Test
  void nothingIsLeftOutOrOutOfOrder() throws Exception {
    List<Future<Long>> writers = new ArrayList<>();
    Map<String, Long> versions = new HashMap<>();
    long read = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        EventReader reader = store().reader(0)) {
      for (int writer = 0; writer < WRITERS; writer++) {
        Random random = new Random(writer);
        writers.add(threads.submit(() -> write(random)));
      }
      long after = 0;
      while (true) {
        boolean ended = writers.stream().allMatch(Future::isDone);
        long horizon = reader.horizon();
        List<PersistedEvent> page = reader.read(after, 1_000, Slots.all());
        for (PersistedEvent event : page) {
          assertTrue(event.position() > after);
          after = event.position();
          long before = versions.getOrDefault(event.streamId(), 0L);
          assertEquals(before + 1, event.version(), event.streamId());
          versions.put(event.streamId(), event.version());
          read++;
        }
        if (ended && page.isEmpty() && after <= horizon && reader.gap() == null) {
          break;
        }
      }
    }
    long written = 0;
    for (Future<Long> writer : writers) {
      written += writer.get();
    }
    assertEquals(written, read);
  }

  /**
   * @return events that were committed
   */
  private long write(Random random) throws SQLException {
    long written = 0;
    for (int i = 0; i < APPENDS; i++) {
      try (Connection connection = open();
          Statement statement = connection.createStatement()) {
        int events = 1 + random.nextInt(5);
        PostgresEventStore.append(
            connection, "stream-" + random.nextInt(30), EventStore.ANY_VERSION, events(events));
        if (random.nextInt(5) == 0) {
          statement.execute("select pg_sleep(0.02)");
        }
        if (random.nextInt(10) == 0) {
          connection.rollback();
        } else {
          connection.commit();
          written += events;
        }
      }
    }
    return written;
  }
}
