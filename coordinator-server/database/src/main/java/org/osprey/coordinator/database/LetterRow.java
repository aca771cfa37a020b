package org.osprey.coordinator.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;
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
            text(row, "source"),
            text(row, "origin"),
            row.getString("action_id") == null ? message(row) : action(row),
            row.getInt("nacks"),
            row.getInt("deaths"),
            text(row, "error"),
            row.getBytes("result"));
    return new StoredLetter(
        Long.toString(row.getLong("id")), Instant.ofEpochMilli(row.getLong("stored_at")), letter);
  }

  private static void bindAction(Update insert, Action action) {
    Instant notBefore = action.notBefore();
    insert
        .bind("actionId", action.idText())
        .bind("actionName", StorableText.escape(action.name()))
        .bind("encoding", action.encoding().name())
        .bind("happenedAt", action.timestamp().toString())
        .bind("notBefore", notBefore == null ? null : notBefore.toString())
        .bind("attributes", (String) null)
        .bind("messageKey", (byte[]) null)
        .bind("data", action.payload())
        .bind("secret", action.secret());
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

  private static Decoded action(ResultSet row) throws SQLException {
    String notBefore = row.getString("not_before");
    return new Decoded(
        new Action(
            Long.parseUnsignedLong(row.getString("action_id")),
            text(row, "action_name"),
            Action.Encoding.valueOf(row.getString("encoding")),
            data(row),
            row.getBytes("secret"),
            Instant.parse(row.getString("happened_at")),
            notBefore == null ? null : Instant.parse(notBefore)));
  }

  private static Undecoded message(ResultSet row) throws SQLException {
    return new Undecoded(
        row.getBytes("message_key"),
        data(row),
        AttributesJson.read(row.getString("attributes")),
        Instant.parse(row.getString("happened_at")));
  }

  /** SQLite's driver has no other form for an empty value than null. */
  private static byte[] data(ResultSet row) throws SQLException {
    byte @Nullable [] data = row.getBytes("data");
    return data == null ? new byte[0] : data;
  }

  private static String text(ResultSet row, String column) throws SQLException {
    return StorableText.unescape(Objects.requireNonNull(row.getString(column)));
  }
}
