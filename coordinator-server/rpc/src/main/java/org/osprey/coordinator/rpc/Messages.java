package org.osprey.coordinator.rpc;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Lease;

/** Writes the messages the coordinator sends, payloads and verdicts as they came. */
final class Messages {
  private Messages() {}

  private interface Fields {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  /** An encoded {@code OspreyCoordinatorAction}. */
  static byte[] action(Lease lease) {
    Action action = lease.action();
    int payloadField =
        switch (action.encoding()) {
          case JSON -> 4;
          case PROTO -> 5;
        };
    byte[] secret = action.secret();
    byte[] timestamp = timestamp(action.timestamp());
    int size =
        CodedOutputStream.computeUInt64Size(1, lease.ackId())
            + CodedOutputStream.computeUInt64Size(2, action.id())
            + CodedOutputStream.computeStringSize(3, action.name())
            + CodedOutputStream.computeByteArraySize(payloadField, action.payload())
            + CodedOutputStream.computeByteArraySize(6, timestamp)
            + (secret == null ? 0 : CodedOutputStream.computeByteArraySize(7, secret));
    return write(
        size,
        out -> {
          out.writeUInt64(1, lease.ackId());
          out.writeUInt64(2, action.id());
          out.writeString(3, action.name());
          out.writeByteArray(payloadField, action.payload());
          out.writeByteArray(6, timestamp);
          if (secret != null) {
            out.writeByteArray(7, secret);
          }
        });
  }

  /** An encoded {@code ProcessActionResponse}. */
  static byte[] response(byte @Nullable [] verdicts) {
    if (verdicts == null) {
      return new byte[0];
    }
    return write(
        CodedOutputStream.computeByteArraySize(2, verdicts),
        out -> out.writeByteArray(2, verdicts));
  }

  private static byte[] timestamp(Instant instant) {
    long seconds = instant.getEpochSecond();
    int nanos = instant.getNano();
    int size =
        CodedOutputStream.computeInt64Size(1, seconds)
            + CodedOutputStream.computeInt32Size(2, nanos);
    return write(
        size,
        out -> {
          out.writeInt64(1, seconds);
          out.writeInt32(2, nanos);
        });
  }

  private static byte[] write(int size, Fields fields) {
    byte[] message = new byte[size];
    CodedOutputStream out = CodedOutputStream.newInstance(message);
    try {
      fields.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException("size computed wrong", e);
    }
    out.checkNoSpaceLeft();
    return message;
  }
}
