package org.osprey.coordinator.rpc;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Hands messages through as the bytes they are, so that reading them, and refusing bad ones, is up
 * to the services.
 */
enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
  MARSHALLER;

  @Override
  public InputStream stream(byte[] message) {
    return new Message(message);
  }

  @Override
  public byte[] parse(InputStream stream) {
    try {
      // Reading to an end that is not known takes a buffer of 16 KiB for the shortest message.
      return stream instanceof KnownLength
          ? stream.readNBytes(stream.available())
          : stream.readAllBytes();
    } catch (IOException e) {
      throw Status.INTERNAL.withDescription("message cut short").withCause(e).asRuntimeException();
    }
  }

  /** Tells gRPC its length and writes itself in one piece, which spares a copy. */
  private static final class Message extends ByteArrayInputStream
      implements KnownLength, Drainable {

    Message(byte[] message) {
      super(message);
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      int length = available();
      target.write(buf, pos, length);
      pos += length;
      return length;
    }
  }
}
