package org.osprey.coordinator.replica.event;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;

/** Events from rows of {@code rs_events}. */
final class EventRows {
  static final String SELECT =
      "select position, stream_id, version, slot, type, data, metadata, recorded_at from rs_events";

  private EventRows() {}

  /**
   * @param query begins with {@link #SELECT}
   */
  static List<PersistedEvent> read(PreparedStatement query) throws SQLException {
    List<PersistedEvent> events = new ArrayList<>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        Timestamp recorded = row.getTimestamp(8);
        events.add(
            new PersistedEvent(
                row.getLong(1),
                row.getString(2),
                row.getLong(3),
                row.getInt(4),
                row.getString(5),
                row.getBytes(6),
                row.getBytes(7),
                recorded.toInstant()));
      }
    }
    return events;
  }
}
