package org.osprey.coordinator.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Action;

/** The columns that every table of actions has. */
final class ActionColumns {
  private ActionColumns() {}

  static void bind(Update insert, Action action) {
    Instant notBefore = action.notBefore();
    insert
        .bind("actionId", action.idText())
        .bind("actionName", StorableText.escape(action.name()))
        .bind("encoding", action.encoding().name())
        .bind("happenedAt", action.timestamp().toString())
        .bind("notBefore", notBefore == null ? null : notBefore.toString())
        .bind("data", action.payload())
        .bind("secret", action.secret());
  }

  static Action read(ResultSet row) throws SQLException {
    String notBefore = row.getString("not_before");
    return new Action(
        Long.parseUnsignedLong(row.getString("action_id")),
        text(row, "action_name"),
        Action.Encoding.valueOf(row.getString("encoding")),
        data(row),
        row.getBytes("secret"),
        Instant.parse(row.getString("happened_at")),
        notBefore == null ? null : Instant.parse(notBefore));
  }

  /** SQLite's driver has no other form for an empty value than null. */
  static byte[] data(ResultSet row) throws SQLException {
    byte @Nullable [] data = row.getBytes("data");
    return data == null ? new byte[0] : data;
  }

  static String text(ResultSet row, String column) throws SQLException {
    return StorableText.unescape(Objects.requireNonNull(row.getString(column)));
  }
}
