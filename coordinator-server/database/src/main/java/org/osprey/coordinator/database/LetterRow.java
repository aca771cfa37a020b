package org.osprey.coordinator.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.Update;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.DeadLetter.Decoded;
import org.osprey.coordinator.core.DeadLetter.Undecoded;
import org.osprey.coordinator.core.DeadLetterStore.StoredLetter;

/** A letter as a row of the table. */
final class LetterRow {
  static final String INSERT =
      """
      insert into dead_letters (token, stored_at, reason, source, origin, nacks, deaths, error,
        action_id, action_name, encoding, happened_at, not_before, attributes, message_key, data,
        secret, result)
      values (:token, :storedAt, :reason, :source, :origin, :nacks, :deaths, :error,
        :actionId, :actionName, :encoding, :happenedAt, :notBefore, :attributes, :messageKey, :data,
        :secret, :result)
      on conflict (token) do nothing
      """;

  private LetterRow() {}

  static void bind(Update insert, DeadLetter letter) {
    insert
        .bind("reason", letter.reason().name())
        .bind("source", StorableText.escape(letter.source()))
        .bind("origin", StorableText.escape(letter.origin()))
        .bind("nacks", letter.nacks())
        .bind("deaths", letter.deaths())
        .bind("error", StorableText.escape(letter.error()))
        .bind("result", letter.result());
    switch (letter.content()) {
      case Decoded(Action action) -> bindAction(insert, action);
      case Undecoded message -> bindMessage(insert, message);
    }
  }

  static StoredLetter read(ResultSet row, StatementContext context) throws SQLException {
    DeadLetter letter =
        new DeadLetter(
            DeadLetter.Reason.valueOf(row.getString("reason")),
            ActionColumns.text(row, "source"),
            ActionColumns.text(row, "origin"),
            row.getString("action_id") == null
                ? message(row)
                : new Decoded(ActionColumns.read(row)),
            row.getInt("nacks"),
            row.getInt("deaths"),
            ActionColumns.text(row, "error"),
            row.getBytes("result"));
    return new StoredLetter(
        Long.toString(row.getLong("id")), Instant.ofEpochMilli(row.getLong("stored_at")), letter);
  }

  private static void bindAction(Update insert, Action action) {
    ActionColumns.bind(insert, action);
    insert.bind("attributes", (String) null).bind("messageKey", (byte[]) null);
  }

  private static void bindMessage(Update insert, Undecoded message) {
    insert
        .bind("actionId", (String) null)
        .bind("actionName", (String) null)
        .bind("encoding", (String) null)
        .bind("happenedAt", message.timestamp().toString())
        .bind("notBefore", (String) null)
        .bind("attributes", AttributesJson.write(message.attributes()))
        .bind("messageKey", message.key())
        .bind("data", message.data())
        .bind("secret", (byte[]) null);
  }

  private static Undecoded message(ResultSet row) throws SQLException {
    return new Undecoded(
        row.getBytes("message_key"),
        ActionColumns.data(row),
        AttributesJson.read(row.getString("attributes")),
        Instant.parse(row.getString("happened_at")));
  }
}
