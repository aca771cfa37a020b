package org.osprey.coordinator.replica.event;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/** Events in PostgreSQL, in the tables {@code rs_streams} and {@code rs_events}. */
public final class PostgresEventStore implements EventStore {
  private static final String HEAD_OF_NEW =
      "insert into rs_streams as s (stream_id, version) values (?, ?)"
          + " on conflict (stream_id) do update set version = 0 where false returning version";

  private static final String HEAD_AT =
      "update rs_streams set version = version + ? where stream_id = ? and version = ?"
          + " returning version";

  private static final String HEAD_ANY =
      "insert into rs_streams as s (stream_id, version) values (?, ?)"
          + " on conflict (stream_id) do update set version = s.version + excluded.version"
          + " returning version";

  /** The order of the rows is that of their positions. */
  private static final String INSERT =
      "insert into rs_events (stream_id, version, slot, type, data, metadata)"
          + " select ?, %s + e.number, ?, e.type, e.data, e.metadata"
          + " from %s unnest(?::text[], ?::bytea[], ?::bytea[])"
          + " with ordinality as e(type, data, metadata, number) order by e.number";

  private static final String INSERT_BEHIND = INSERT.formatted("?", "");

  /**
   * Head and events in one round trip. A position is taken after the head is locked, as a row of
   * events needs the head's version.
   */
  private static final String APPEND =
      "with head as (%s), stored as ("
          + INSERT.formatted("head.version - ?", "head,")
          + " returning 1) select version, (select count(*) from stored) from head";

  private static final String APPEND_OF_NEW = APPEND.formatted(HEAD_OF_NEW);
  private static final String APPEND_AT = APPEND.formatted(HEAD_AT);
  private static final String APPEND_ANY = APPEND.formatted(HEAD_ANY);

  private static final String AT = EventRows.SELECT + " where position = any(?) order by position";

  private static final String CACHED_POSITIONS =
      "select seqcache from pg_sequence"
          + " where seqrelid = pg_get_serial_sequence('rs_events', 'position')::regclass";

  private final DataSource database;
  private final LongSupplier nanos;
  private final @Nullable AppendNotifier notifier;

  private PostgresEventStore(
      DataSource database, LongSupplier nanos, @Nullable AppendNotifier notifier) {
    this.database = database;
    this.nanos = nanos;
    this.notifier = notifier;
  }

  /**
   * @param database autocommit connections; a reader keeps one for as long as it is open, and one
   *     more is used for notifications while events are appended
   * @param nanos of a clock that never goes back, for the age of gaps
   */
  public PostgresEventStore(DataSource database, LongSupplier nanos) {
    this(database, nanos, new AppendNotifier(database));
  }

  public PostgresEventStore(DataSource database) {
    this(database, System::nanoTime);
  }

  /** The same store, whose appends notify nobody. */
  public PostgresEventStore withoutNotifications() {
    return new PostgresEventStore(database, nanos, null);
  }

  /** Makes the tables, or brings them up to date; may be repeated, also by several at once. */
  public static void migrate(DataSource database) {
    Flyway.configure(PostgresEventStore.class.getClassLoader())
        .dataSource(database)
        .locations("db/migration/replica_sets")
        .failOnMissingLocations(true)
        .table("rs_migrations")
        // The database may have tables of others.
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .load()
        .migrate();
  }

  @Override
  public long append(String streamId, long expectedVersion, List<NewEvent> events) {
    refuseNone(streamId, events);
    try (Connection connection = database.getConnection()) {
      // What a connection without it is given would be rolled back at its close.
      connection.setAutoCommit(true);
      long version = appendAtOnce(connection, streamId, expectedVersion, events);
      notifyReaders();
      return version;
    } catch (SQLException e) {
      throw new StoreException("could not append to stream " + streamId, e);
    }
  }

  private static long appendAtOnce(
      Connection connection, String streamId, long expectedVersion, List<NewEvent> events)
      throws SQLException {
    String sql = choose(expectedVersion, APPEND_OF_NEW, APPEND_AT, APPEND_ANY);
    try (PreparedStatement append = connection.prepareStatement(sql)) {
      int next = setHead(append, streamId, expectedVersion, events.size());
      setEvents(append, next, streamId, events.size(), events);
      try (ResultSet row = append.executeQuery()) {
        if (!row.next()) {
          throw new WrongVersionException(streamId, expectedVersion);
        }
        requireAll(row.getLong(2), events.size());
        return row.getLong(1);
      }
    }
  }

  /**
   * The same in a transaction of the caller's, who commits it soon: from here to its commit nobody
   * else can append to the stream, and nobody reads what is appended after it. {@link
   * #notifyReaders} after the commit has it read at once.
   */
  public static long append(
      Connection connection, String streamId, long expectedVersion, List<NewEvent> events)
      throws SQLException {
    refuseNone(streamId, events);
    long version =
        head(connection, streamId, expectedVersion, events.size())
            .orElseThrow(() -> new WrongVersionException(streamId, expectedVersion));
    try (PreparedStatement insert = connection.prepareStatement(INSERT_BEHIND)) {
      setEvents(insert, 1, streamId, version - events.size(), events);
      requireAll(insert.executeUpdate(), events.size());
    }
    return version;
  }

  private static void refuseNone(String streamId, List<NewEvent> events) {
    if (events.isEmpty()) {
      throw new IllegalArgumentException("want at least one event for stream " + streamId);
    }
  }

  private static void requireAll(long stored, int events) throws SQLException {
    if (stored != events) {
      throw new SQLException("%d of %d events were stored".formatted(stored, events));
    }
  }

  /**
   * @param first number of the first parameter
   * @param base what is added to, or taken from, for the version
   */
  private static void setEvents(
      PreparedStatement insert, int first, String streamId, long base, List<NewEvent> events)
      throws SQLException {
    Connection connection = insert.getConnection();
    insert.setString(first, streamId);
    insert.setLong(first + 1, base);
    insert.setInt(first + 2, Slots.slot(streamId));
    insert.setArray(
        first + 3,
        connection.createArrayOf(
            "text", events.stream().map(NewEvent::type).toArray(String[]::new)));
    insert.setArray(
        first + 4,
        connection.createArrayOf(
            "bytea", events.stream().map(NewEvent::data).toArray(byte[][]::new)));
    insert.setArray(
        first + 5,
        connection.createArrayOf(
            "bytea", events.stream().map(NewEvent::metadata).toArray(byte[][]::new)));
  }

  /**
   * Wakes readers that listen. For events that were appended in a transaction of the caller's,
   * after its commit; waits for nothing.
   */
  public void notifyReaders() {
    if (notifier != null) {
      notifier.appended();
    }
  }

  @Override
  public List<PersistedEvent> at(List<Long> positions) {
    try (Connection connection = database.getConnection();
        PreparedStatement query = connection.prepareStatement(AT)) {
      query.setArray(1, connection.createArrayOf("bigint", positions.toArray()));
      return EventRows.read(query);
    } catch (SQLException e) {
      throw new StoreException("could not read %d events".formatted(positions.size()), e);
    }
  }

  @Override
  public EventReader reader(long after) {
    return new PostgresEventReader(database, after, nanos);
  }

  /** Reading needs it all; appending needs rights of its own. */
  @Override
  public void check() {
    Requirements.check(
        database,
        "the event store",
        needed -> {
          needed.table("rs_events", "SELECT");
          // A session would use positions later that readers have long passed.
          needed.number(
              CACHED_POSITIONS,
              1,
              "the positions of rs_events are taken %d at a time, want 1: alter the identity column"
                  + " position with set cache 1");
        });
  }

  /**
   * Apart from the insert, so that a transaction which waits for a stream does not hold the lock of
   * those who may have positions.
   *
   * @return its version with the events, or nothing when it is at another one than expected
   */
  private static OptionalLong head(
      Connection connection, String streamId, long expected, int events) throws SQLException {
    String sql = choose(expected, HEAD_OF_NEW, HEAD_AT, HEAD_ANY);
    try (PreparedStatement head = connection.prepareStatement(sql)) {
      setHead(head, streamId, expected, events);
      try (ResultSet row = head.executeQuery()) {
        return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
      }
    }
  }

  private static String choose(long expected, String ofNew, String at, String any) {
    if (expected > 0) {
      return at;
    }
    return expected == ANY_VERSION ? any : ofNew;
  }

  /**
   * @return the number of the next parameter
   */
  @CanIgnoreReturnValue
  private static int setHead(PreparedStatement head, String streamId, long expected, int events)
      throws SQLException {
    if (expected > 0) {
      head.setLong(1, events);
      head.setString(2, streamId);
      head.setLong(3, expected);
      return 4;
    }
    head.setString(1, streamId);
    head.setLong(2, events);
    return 3;
  }
}
