package org.osprey.coordinator.codec;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/** Reads an envelope in JSON; {@code data} and {@code secret_data} stay the bytes they are. */
final class JsonEnvelope {
  private final byte[] source;
  private final int offset;
  private final JsonFields fields;

  private JsonEnvelope(byte[] source, int offset, JsonFields fields) {
    this.source = source;
    this.offset = offset;
    this.fields = fields;
  }

  static Envelope read(byte[] source, int offset, int length) throws UndecodableException {
    JsonFields fields = JsonReader.read(source, offset, length, JsonFields::read);
    JsonEnvelope envelope = new JsonEnvelope(source, offset, fields);
    return fields.has("data.action_name") && !fields.has("name")
        ? envelope.timed()
        : envelope.plain();
  }

  /** The plain form with {@code timestamp} for the time of sending, and nothing else. */
  static Envelope readStrict(byte[] source) throws UndecodableException {
    JsonFields fields = strictFields(source);
    if (fields.unknown() != null) {
      throw CallerActions.unknown(fields.unknown());
    }
    return new JsonEnvelope(source, 0, fields).dated();
  }

  private static JsonFields strictFields(byte[] source) throws UndecodableException {
    try {
      return JsonReader.read(source, 0, source.length, JsonFields::readStrict);
    } catch (UndecodableException e) {
      throw new UndecodableException("body " + e.getMessage(), e);
    }
  }

  private Envelope dated() throws UndecodableException {
    JsonValue timestamp = valueOf("timestamp");
    return new Envelope(
        id("id"),
        name("name"),
        data("data"),
        secret("secret_data"),
        timestamp == null ? null : Times.parse("timestamp", text("timestamp", timestamp)),
        notBefore());
  }

  private Envelope plain() throws UndecodableException {
    return new Envelope(
        id("id"), name("name"), data("data"), secret("secret_data"), null, notBefore());
  }

  private Envelope timed() throws UndecodableException {
    JsonValue sendTime = valueOf("send_time");
    return new Envelope(
        id("data.action_id"),
        name("data.action_name"),
        data("data.data"),
        secret("data.secret_data"),
        sendTime == null ? null : Times.parse("send_time", text("send_time", sendTime)),
        notBefore());
  }

  private @Nullable Instant notBefore() throws UndecodableException {
    JsonValue value = valueOf("not_before");
    if (value == null) {
      return null;
    }
    if (value.text() == null || value.is(JsonToken.VALUE_NUMBER_FLOAT)) {
      throw wrongKind("not_before", value, "a time");
    }
    return Times.parseNotBefore("not_before", value.text());
  }

  private long id(String path) throws UndecodableException {
    JsonValue value = valueOf(path);
    if (value == null) {
      return Envelope.NO_ID;
    }
    if (value.text() == null || value.is(JsonToken.VALUE_NUMBER_FLOAT)) {
      throw wrongKind(path, value, "an unsigned 64-bit integer");
    }
    return UnsignedIds.parse(path, value.text());
  }

  private String name(String path) throws UndecodableException {
    return Names.check(path, text(path, required(path)));
  }

  private byte[] data(String path) throws UndecodableException {
    return object(path, required(path));
  }

  private byte @Nullable [] secret(String path) throws UndecodableException {
    JsonValue value = valueOf(path);
    return value == null ? null : object(path, value);
  }

  private JsonValue required(String path) throws UndecodableException {
    JsonValue value = fields.get(path);
    if (value == null) {
      throw new UndecodableException(path + " is missing");
    }
    return value;
  }

  /** Producers also write null for what they do not have. */
  private @Nullable JsonValue valueOf(String path) {
    JsonValue value = fields.get(path);
    return value == null || value.isNull() ? null : value;
  }

  private static String text(String path, JsonValue value) throws UndecodableException {
    if (value.text() == null || !value.is(JsonToken.VALUE_STRING)) {
      throw wrongKind(path, value, "a string");
    }
    return value.text();
  }

  private byte[] object(String path, JsonValue value) throws UndecodableException {
    if (!value.is(JsonToken.START_OBJECT)) {
      throw wrongKind(path, value, "an object");
    }
    return value.slice(source, offset);
  }

  private static UndecodableException wrongKind(String path, JsonValue value, String wanted) {
    String kind = value.is(JsonToken.VALUE_NUMBER_FLOAT) ? "fraction" : value.kind();
    return new UndecodableException(path + " is of type " + kind + ", want " + wanted);
  }
}
