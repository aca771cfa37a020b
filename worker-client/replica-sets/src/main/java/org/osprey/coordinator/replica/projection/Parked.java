package org.osprey.coordinator.replica.projection;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.osprey.coordinator.replica.event.PersistedEvent;
import org.osprey.coordinator.replica.event.Slots;

/**
 * The events of one projection that were put aside, in the table {@code rs_parked}. Its calls are
 * statements of a transaction of the caller's.
 */
final class Parked {
  /** Of an error, so that a stack trace does not fill the table. */
  private static final int LONGEST_ERROR = 2_000;

  private static final String ADD =
      "insert into rs_parked (replica_set, projection, position, stream_id, slot, error)"
          + " values (?, ?, ?, ?, ?, ?) on conflict do nothing";

  private static final String STREAMS =
      "select distinct stream_id from rs_parked"
          + " where replica_set = ? and projection = ? and slot = any(?)";

  private static final String COUNT =
      "select count(*) from rs_parked where replica_set = ? and projection = ?";

  private static final String RELEASED =
      "select distinct stream_id from rs_parked"
          + " where replica_set = ? and projection = ? and slot = any(?) and released";

  private static final String POSITIONS =
      "select position from rs_parked where replica_set = ? and projection = ? and stream_id = ?"
          + " order by position";

  private static final String REMOVE =
      "delete from rs_parked where replica_set = ? and projection = ? and stream_id = ?";

  private static final String HOLD =
      "update rs_parked set released = false, error = ?"
          + " where replica_set = ? and projection = ? and stream_id = ?";

  private final String replicaSet;
  private final String projection;

  Parked(String replicaSet, String projection) {
    this.replicaSet = replicaSet;
    this.projection = projection;
  }

  void add(Connection connection, PersistedEvent event, String error) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(ADD)) {
      insert.setString(1, replicaSet);
      insert.setString(2, projection);
      insert.setLong(3, event.position());
      insert.setString(4, event.streamId());
      insert.setInt(5, event.slot());
      insert.setString(6, error.substring(0, Math.min(error.length(), LONGEST_ERROR)));
      insert.executeUpdate();
    }
  }

  /** Streams whose later events are to be put aside too. */
  Set<String> streams(Connection connection, Slots slots) throws SQLException {
    return strings(connection, STREAMS, slots);
  }

  /** Streams that somebody has released. */
  Set<String> released(Connection connection, Slots slots) throws SQLException {
    return strings(connection, RELEASED, slots);
  }

  long count(Connection connection) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(COUNT)) {
      query.setString(1, replicaSet);
      query.setString(2, projection);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /** Of a stream, in order. */
  List<Long> positions(Connection connection, String streamId) throws SQLException {
    List<Long> positions = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(POSITIONS)) {
      query.setString(1, replicaSet);
      query.setString(2, projection);
      query.setString(3, streamId);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          positions.add(row.getLong(1));
        }
      }
    }
    return positions;
  }

  /** All events of a stream, which were handled. */
  void remove(Connection connection, String streamId) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement(REMOVE)) {
      delete.setString(1, replicaSet);
      delete.setString(2, projection);
      delete.setString(3, streamId);
      delete.executeUpdate();
    }
  }

  /** A stream that was released, and could not be handled. */
  int hold(Connection connection, String streamId, String error) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(HOLD)) {
      update.setString(1, error.substring(0, Math.min(error.length(), LONGEST_ERROR)));
      update.setString(2, replicaSet);
      update.setString(3, projection);
      update.setString(4, streamId);
      return update.executeUpdate();
    }
  }

  private Set<String> strings(Connection connection, String sql, Slots slots) throws SQLException {
    Set<String> streams = new HashSet<>();
    Array wanted = connection.createArrayOf("smallint", slots.stream().boxed().toArray());
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, replicaSet);
      query.setString(2, projection);
      query.setArray(3, wanted);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          streams.add(row.getString(1));
        }
      }
    }
    return streams;
  }
}
