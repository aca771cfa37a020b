package org.osprey.coordinator.codec;

import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageInsufficientBufferException;
import org.msgpack.core.MessagePackException;
import org.msgpack.value.ValueType;

/** Reads an envelope in msgpack: a map, or a string that is an envelope in JSON. */
final class MsgpackEnvelope {
  private final byte[] source;
  private final MsgpackReader reader;

  private long id = Envelope.NO_ID;
  private @Nullable String name;
  private byte @Nullable [] data;
  private byte @Nullable [] secret;
  private @Nullable Instant notBefore;

  private MsgpackEnvelope(byte[] source, MsgpackReader reader) {
    this.source = source;
    this.reader = reader;
  }

  static Envelope readString(byte[] message) throws UndecodableException {
    MsgpackReader.Slice json = read(message, MsgpackReader::stringSlice);
    return JsonEnvelope.read(message, json.start(), json.length());
  }

  static Envelope readMap(byte[] message) throws UndecodableException {
    return read(message, reader -> new MsgpackEnvelope(message, reader).read());
  }

  private interface Reading<T> {
    T from(MsgpackReader reader) throws IOException, UndecodableException;
  }

  private static <T> T read(byte[] message, Reading<T> reading) throws UndecodableException {
    if (message.length > JsonReader.MAX_BYTES) {
      throw new UndecodableException(
          "has " + message.length + " bytes, want at most " + JsonReader.MAX_BYTES);
    }
    try (MsgpackReader reader = new MsgpackReader(message)) {
      return readAll(reader, reading);
    } catch (IOException e) {
      throw new IllegalStateException("an array cannot fail to be read", e);
    }
  }

  private static <T> T readAll(MsgpackReader reader, Reading<T> reading)
      throws IOException, UndecodableException {
    try {
      T result = reading.from(reader);
      if (!reader.atEnd()) {
        throw new UndecodableException("has more than one value at byte " + reader.position());
      }
      return result;
    } catch (MessageInsufficientBufferException e) {
      throw new UndecodableException("is msgpack that is cut short at byte " + reader.position());
    } catch (MessagePackException e) {
      // No cause: its message may hold contents.
      throw new UndecodableException("is not valid msgpack at byte " + reader.position());
    }
  }

  private Envelope read() throws IOException, UndecodableException {
    int size = reader.mapSize();
    for (int i = 0; i < size; i++) {
      if (reader.type() == ValueType.STRING) {
        readField(reader.string());
      } else {
        reader.skip();
        reader.skip();
      }
    }
    if (name == null) {
      throw new UndecodableException("name is missing");
    }
    if (data == null) {
      throw new UndecodableException("data is missing");
    }
    return new Envelope(id, name, data, secret, null, notBefore);
  }

  private void readField(String key) throws IOException, UndecodableException {
    switch (key) {
      case "id" -> id = id();
      case "name" -> name = name();
      case "data" -> data = object(key);
      case "secret_data" -> secret = reader.type() == ValueType.NIL ? nothing() : object(key);
      case "not_before" -> notBefore = notBefore();
      default -> reader.skip();
    }
  }

  private long id() throws IOException, UndecodableException {
    return switch (reader.type()) {
      case INTEGER -> unsigned(reader.unsignedLong());
      case STRING -> UnsignedIds.parse("id", reader.string());
      case NIL -> {
        reader.nil();
        yield Envelope.NO_ID;
      }
      case BOOLEAN, FLOAT, BINARY, ARRAY, MAP, EXTENSION ->
          throw wrongKind("id", "an unsigned 64-bit integer");
    };
  }

  private @Nullable Instant notBefore() throws IOException, UndecodableException {
    return switch (reader.type()) {
      case INTEGER -> Times.parseNotBefore("not_before", reader.unsignedLong().toString());
      case STRING -> Times.parseNotBefore("not_before", reader.string());
      case NIL -> {
        reader.nil();
        yield null;
      }
      case BOOLEAN, FLOAT, BINARY, ARRAY, MAP, EXTENSION -> throw wrongKind("not_before", "a time");
    };
  }

  private static long unsigned(BigInteger id) throws UndecodableException {
    if (id.signum() < 0) {
      throw UnsignedIds.malformed("id");
    }
    return id.longValue();
  }

  private String name() throws IOException, UndecodableException {
    if (reader.type() != ValueType.STRING) {
      throw wrongKind("name", "a string");
    }
    return Names.check("name", reader.string());
  }

  private byte[] object(String key) throws IOException, UndecodableException {
    if (reader.type() != ValueType.MAP) {
      throw wrongKind(key, "a map");
    }
    return MsgpackJson.next(source, reader);
  }

  private byte @Nullable [] nothing() throws IOException {
    reader.nil();
    return null;
  }

  private UndecodableException wrongKind(String key, String wanted) throws IOException {
    return new UndecodableException(key + " is of type " + reader.kind() + ", want " + wanted);
  }
}
