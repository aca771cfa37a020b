package org.osprey.coordinator.replica.faults;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.database.PostgresServer;
import org.osprey.coordinator.replica.TestDatabase;
import org.osprey.coordinator.replica.event.EventReader;
import org.osprey.coordinator.replica.event.EventStore;
import org.osprey.coordinator.replica.event.NewEvent;
import org.osprey.coordinator.replica.event.PersistedEvent;
import org.osprey.coordinator.replica.event.PostgresEventStore;
import org.osprey.coordinator.replica.event.Slots;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Positions that come late or never, beside strangers who hold transactions open all the time.
 * {@code -Dfault.seconds=60} makes it long, {@code -Dfault.slack=0} holds it to what is promised.
 */
class GapFaultsTest {
  private static final Duration TIME = Duration.ofSeconds(Long.getLong("fault.seconds", 8));
  private static final Duration SLACK = Duration.ofSeconds(Long.getLong("fault.slack", 30));
  private static final Duration LATE = Duration.ofSeconds(2);
  private static final Duration MOMENT = Duration.ofMillis(10);
  private static final int WRITERS = 8;
  private static final int STREAMS = 100;
  private static final long EVENTS_PER_SECOND = 300;

  private static final String EVENTS = "select count(*) from rs_events";
  private static final String LAST = "select coalesce(max(position), 0) from rs_events";

  private static Connection open(PGSimpleDataSource database, String... statements)
      throws SQLException {
    Connection connection = database.getConnection();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
    return connection;
  }

  private static long number(PGSimpleDataSource database, String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static void append(PGSimpleDataSource database, String stream, int events) {
    new PostgresEventStore(database)
        .append(
            stream,
            EventStore.ANY_VERSION,
            Collections.nCopies(events, NewEvent.of("counted", new byte[] {1})));
  }

  /** Reads on and on, and checks what it reads. Belongs to one thread. */
  private static final class Follower {
    private final EventReader reader;
    private final Map<String, Long> versions = new HashMap<>();
    private long position;
    private long events;
    private Duration oldestGap = Duration.ZERO;

    private Follower(EventReader reader) {
      this.reader = reader;
    }

    private long follow() {
      long horizon = reader.horizon();
      EventReader.Gap gap = reader.gap();
      if (gap != null && gap.age().compareTo(oldestGap) > 0) {
        oldestGap = gap.age();
      }
      for (PersistedEvent event : reader.read(position, Integer.MAX_VALUE, Slots.all())) {
        assertTrue(event.position() > position);
        position = event.position();
        long before = versions.getOrDefault(event.streamId(), 0L);
        assertEquals(before + 1, event.version(), event.streamId());
        versions.put(event.streamId(), event.version());
        events++;
      }
      return horizon;
    }
  }

  /**
   * @param late share of the transactions that are committed late
   * @return for how long a gap was waited for, at most
   */
  private static Duration follow(double late) throws SQLException {
    PGSimpleDataSource database = TestDatabase.create();
    long events = EVENTS_PER_SECOND * TIME.toSeconds();
    Writers.Plan plan = new Writers.Plan(WRITERS, STREAMS, events, TIME, 0.1, late, LATE);
    append(database, "first", 1);
    try (Connection reading =
            open(
                database,
                "set transaction isolation level repeatable read",
                "select count(*) from rs_events");
        Connection writing =
            open(
                database,
                "create table strange (number int)",
                "insert into strange values (1)",
                "lock table rs_events in share update exclusive mode");
        EventReader reader = new PostgresEventStore(database).reader(0);
        Writers writers = new Writers(database, plan)) {
      Follower follower = new Follower(reader);
      writers.finish();
      await()
          .atMost(TIME.plusMinutes(2))
          .pollDelay(Duration.ZERO)
          .pollInterval(MOMENT)
          .until(
              () -> {
                boolean ended = writers.ended();
                return follower.follow() == number(database, LAST) && ended;
              });
      assertEquals(number(database, EVENTS), follower.events);
      assertEquals(number(database, LAST) - follower.events, reader.deadPositions());
      assertTrue(writers.rollbacks() > 0);
      System.out.printf(
          "events=%d dead=%d rollbacks=%d late=%d longest wait for a gap %d ms%n",
          follower.events,
          reader.deadPositions(),
          writers.rollbacks(),
          writers.late(),
          follower.oldestGap.toMillis());
      reading.rollback();
      writing.rollback();
      return follower.oldestGap;
    }
  }

  @Test
  void nothingIsSkippedOrHeldUpLongerThanItsWriterTakes() throws SQLException {
    Duration longest = follow(0.02);
    assertTrue(longest.compareTo(LATE.plusSeconds(1).plus(SLACK)) < 0, longest.toString());
  }

  @Test
  void deadPositionsArePassedWithinASecond() throws SQLException {
    Duration longest = follow(0);
    assertTrue(longest.compareTo(Duration.ofSeconds(1).plus(SLACK)) < 0, longest.toString());
  }

  @Test
  void positionsThatAreLostInACrashArePassed() throws SQLException {
    try (PostgresServer server = TestDatabase.ownServer()) {
      PGSimpleDataSource database = TestDatabase.create(server);
      append(database, "before", 5);
      server.kill();
      server.restart();
      append(database, "after", 5);
      long last = number(database, LAST);
      assertTrue(last > 10, "the sequence did not jump");
      try (EventReader reader = new PostgresEventStore(database).reader(0)) {
        assertEquals(last, reader.horizon());
        assertEquals(last - 10, reader.deadPositions());
      }
    }
  }

  /** It is in no session, and may be committed after a restart of the server. */
  @Test
  void aPreparedTransactionIsWaitedFor() throws SQLException {
    try (PostgresServer server = TestDatabase.ownServer()) {
      PGSimpleDataSource database = TestDatabase.create(server);
      server.execute("postgres", "alter system set max_prepared_transactions = 5");
      server.stop();
      server.restart();
      try (Connection preparing = open(database)) {
        PostgresEventStore.append(
            preparing, "late", 0, List.of(NewEvent.of("counted", new byte[] {1})));
        try (Statement statement = preparing.createStatement()) {
          statement.execute("prepare transaction 'late'");
        }
      }
      append(database, "quick", 1);
      server.stop();
      server.restart();
      try (EventReader reader = new PostgresEventStore(database).reader(0)) {
        assertEquals(0, reader.horizon());
        assertEquals(
            List.of("prepared transaction"), Objects.requireNonNull(reader.gap()).holders());
        server.execute(database.getDatabaseName(), "commit prepared 'late'");
        assertEquals(2, reader.horizon());
        assertEquals(0, reader.deadPositions());
      }
    }
  }
}
