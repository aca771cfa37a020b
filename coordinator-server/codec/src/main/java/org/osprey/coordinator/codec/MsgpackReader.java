package org.osprey.coordinator.codec;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.msgpack.core.ExtensionTypeHeader;
import org.msgpack.core.MessageFormat;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ValueType;

/**
 * Walks through msgpack bytes. Lengths are held against the bytes that are there before anything is
 * made of them, so a lying header costs nothing.
 */
final class MsgpackReader implements AutoCloseable {
  private final byte[] source;
  private final MessageUnpacker unpacker;

  MsgpackReader(byte[] source) {
    this.source = source;
    this.unpacker = MessagePack.newDefaultUnpacker(source);
  }

  /** A run of bytes in the source. */
  record Slice(int start, int length) {}

  ValueType type() throws IOException {
    return unpacker.getNextFormat().getValueType();
  }

  /** How people call the type of the next value. */
  String kind() throws IOException {
    return type().name().toLowerCase(Locale.ROOT);
  }

  int position() {
    return (int) unpacker.getTotalReadBytes();
  }

  private int remaining() {
    return source.length - position();
  }

  boolean atEnd() {
    return remaining() == 0;
  }

  void nil() throws IOException {
    unpacker.unpackNil();
  }

  boolean bool() throws IOException {
    return unpacker.unpackBoolean();
  }

  double fraction() throws IOException {
    return unpacker.unpackDouble();
  }

  /** Whether the next integer is over {@code Long.MAX_VALUE} or at least may be. */
  boolean isUnsignedLong() throws IOException {
    return unpacker.getNextFormat() == MessageFormat.UINT64;
  }

  long integer() throws IOException {
    return unpacker.unpackLong();
  }

  BigInteger unsignedLong() throws IOException {
    return unpacker.unpackBigInteger();
  }

  String string() throws IOException, UndecodableException {
    Slice slice = stringSlice();
    return new String(source, slice.start, slice.length, StandardCharsets.UTF_8);
  }

  /** The next value, a string, in strict UTF-8. */
  Slice stringSlice() throws IOException, UndecodableException {
    Slice slice = payload(unpacker.unpackRawStringHeader());
    checkUtf8(slice);
    return slice;
  }

  int arraySize() throws IOException, UndecodableException {
    int size = unpacker.unpackArrayHeader();
    requireBytes(size);
    return size;
  }

  int mapSize() throws IOException, UndecodableException {
    int size = unpacker.unpackMapHeader();
    requireBytes(2L * size);
    return size;
  }

  /** Passes over the next value, whatever it is and however deep, without recursion. */
  void skip() throws IOException, UndecodableException {
    for (long values = 1; values > 0; values--) {
      switch (type()) {
        case NIL -> nil();
        case BOOLEAN -> bool();
        case INTEGER -> unsignedLong();
        case FLOAT -> fraction();
        case STRING -> payload(unpacker.unpackRawStringHeader());
        case BINARY -> payload(unpacker.unpackBinaryHeader());
        case ARRAY -> values += arraySize();
        case MAP -> values += 2L * mapSize();
        case EXTENSION -> skipExtension();
      }
    }
  }

  private void skipExtension() throws IOException, UndecodableException {
    ExtensionTypeHeader header = unpacker.unpackExtensionTypeHeader();
    payload(header.getLength());
  }

  private Slice payload(int length) throws IOException, UndecodableException {
    requireBytes(length);
    int start = position();
    unpacker.readPayloadAsReference(length);
    return new Slice(start, length);
  }

  private void checkUtf8(Slice slice) throws UndecodableException {
    int badByte = Utf8.firstBadByte(source, slice.start, slice.length);
    if (badByte >= 0) {
      throw new UndecodableException("is not valid UTF-8 at byte " + (slice.start + badByte));
    }
  }

  private void requireBytes(long wanted) throws UndecodableException {
    if (wanted > remaining()) {
      throw new UndecodableException("is msgpack that is cut short at byte " + position());
    }
  }

  @Override
  public void close() throws IOException {
    unpacker.close();
  }
}
