package org.osprey.coordinator.codec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.msgpack.value.ValueType;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/** Writes msgpack values as JSON. What JSON has no form for is refused, never bent. */
final class MsgpackJson {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamWriteConstraints(
              StreamWriteConstraints.builder().maxNestingDepth(JsonReader.MAX_DEPTH).build())
          .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
          .build();

  private final byte[] source;
  private final MsgpackReader reader;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes);

  private MsgpackJson(byte[] source, MsgpackReader reader) {
    this.source = source;
    this.reader = reader;
  }

  /** The next value as JSON, in UTF-8. */
  static byte[] next(byte[] source, MsgpackReader reader) throws IOException, UndecodableException {
    MsgpackJson writer = new MsgpackJson(source, reader);
    try (JsonGenerator json = writer.json) {
      writer.value(1);
      json.flush();
    }
    return writer.bytes.toByteArray();
  }

  private void value(int depth) throws IOException, UndecodableException {
    if (bytes.size() > JsonReader.MAX_BYTES) {
      throw new UndecodableException("has more than " + JsonReader.MAX_BYTES + " bytes as JSON");
    }
    switch (reader.type()) {
      case NIL -> nil();
      case BOOLEAN -> json.writeBoolean(reader.bool());
      case INTEGER -> integer();
      case FLOAT -> fraction();
      case STRING -> string();
      case ARRAY -> array(depth);
      case MAP -> map(depth);
      case BINARY, EXTENSION -> throw refused("has no form in JSON");
    }
  }

  private void nil() throws IOException {
    reader.nil();
    json.writeNull();
  }

  private void integer() throws IOException {
    if (reader.isUnsignedLong()) {
      json.writeNumber(reader.unsignedLong());
    } else {
      json.writeNumber(reader.integer());
    }
  }

  private void fraction() throws IOException, UndecodableException {
    int position = reader.position();
    double fraction = reader.fraction();
    if (!Double.isFinite(fraction)) {
      throw new UndecodableException("has NaN or Infinity at byte " + position);
    }
    json.writeNumber(fraction);
  }

  private void string() throws IOException, UndecodableException {
    MsgpackReader.Slice slice = reader.stringSlice();
    json.writeUTF8String(source, slice.start(), slice.length());
  }

  private void array(int depth) throws IOException, UndecodableException {
    requireDepth(depth);
    int size = reader.arraySize();
    json.writeStartArray();
    for (int i = 0; i < size; i++) {
      value(depth + 1);
    }
    json.writeEndArray();
  }

  private void map(int depth) throws IOException, UndecodableException {
    requireDepth(depth);
    int size = reader.mapSize();
    json.writeStartObject();
    for (int i = 0; i < size; i++) {
      json.writeName(key());
      value(depth + 1);
    }
    json.writeEndObject();
  }

  private String key() throws IOException, UndecodableException {
    if (reader.type() != ValueType.STRING) {
      throw refused("is no key for JSON");
    }
    String key = reader.string();
    if (key.length() > JsonReader.MAX_NAME_LENGTH) {
      throw new UndecodableException(
          "has a key longer than " + JsonReader.MAX_NAME_LENGTH + " at byte " + reader.position());
    }
    return key;
  }

  private void requireDepth(int depth) throws UndecodableException {
    if (depth > JsonReader.MAX_DEPTH) {
      throw new UndecodableException(
          "is nested deeper than " + JsonReader.MAX_DEPTH + " at byte " + reader.position());
    }
  }

  private UndecodableException refused(String why) throws IOException {
    return new UndecodableException(
        "has a value of type "
            + reader.kind()
            + " at byte "
            + reader.position()
            + ", which "
            + why);
  }
}
