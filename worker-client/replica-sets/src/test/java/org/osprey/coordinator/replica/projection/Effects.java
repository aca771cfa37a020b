package org.osprey.coordinator.replica.projection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.osprey.coordinator.replica.event.PersistedEvent;

/** A projection that leaves one row for each event it handled. */
public final class Effects implements Projection {
  private final String name;

  public Effects(String name) {
    this.name = name;
  }

  /** Its table, for all projections of a database. */
  public static void createTable(DataSource database) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "create table effects (seq bigserial, projection text, position bigint, stream_id text,"
              + " version bigint, slot int, generation bigint,"
              + " at timestamptz default clock_timestamp())");
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void handle(PersistedEvent event, HandleContext context) throws SQLException {
    try (PreparedStatement insert =
        context
            .connection()
            .prepareStatement(
                "insert into effects (projection, position, stream_id, version, slot, generation)"
                    + " values (?, ?, ?, ?, ?, ?)")) {
      insert.setString(1, name);
      insert.setLong(2, event.position());
      insert.setString(3, event.streamId());
      insert.setLong(4, event.version());
      insert.setInt(5, event.slot());
      insert.setLong(6, context.generation());
      insert.executeUpdate();
    }
  }

  /** How many events it has handled. */
  public long count(DataSource database) throws SQLException {
    return number(database, "select count(*) from effects where projection = ?");
  }

  /** The position of the last event it has handled, 0 for none. */
  public long greatest(DataSource database) throws SQLException {
    return number(database, "select coalesce(max(position), 0) from effects where projection = ?");
  }

  private long number(DataSource database, String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, name);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /** Each event once, those of a stream in order, and no slot back in an older generation. */
  public void check(DataSource database, long events) throws SQLException {
    Map<String, Long> versions = new HashMap<>();
    Map<Integer, Long> generations = new HashMap<>();
    long count = 0;
    try (Connection connection = database.getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                "select stream_id, version, slot, generation from effects where projection = ?"
                    + " order by seq")) {
      query.setString(1, name);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          String stream = row.getString(1);
          long version = row.getLong(2);
          assertEquals(versions.getOrDefault(stream, 0L) + 1, version, stream);
          versions.put(stream, version);
          long generation = row.getLong(4);
          long before = generations.getOrDefault(row.getInt(3), 0L);
          assertEquals(true, generation >= before, "generation " + generation);
          generations.put(row.getInt(3), generation);
          count++;
        }
      }
    }
    assertEquals(events, count);
  }
}
