package org.osprey.coordinator.rpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.codec.UnknownFields;
import org.osprey.coordinator.core.Outcome;

/**
 * What a worker says: a {@code bidirectional_stream.v1.Request}, read by hand, because verdicts and
 * results are only passed on and need no objects.
 */
sealed interface WorkerMessage {

  /** Opens the stream. */
  record Initial(String clientId) implements WorkerMessage {}

  /**
   * Answers a hand-over and asks for the next.
   *
   * @param acked null for a nack
   */
  record Answer(long ackId, Outcome.@Nullable Acked acked) implements WorkerMessage {}

  /**
   * Asks for nothing more.
   *
   * @param answer null when the worker leaves what it has unanswered
   */
  record Leaving(@Nullable Answer answer) implements WorkerMessage {}

  /**
   * @throws InvalidProtocolBufferException when the bytes are no such message, or say nothing
   */
  static WorkerMessage read(byte[] request) throws InvalidProtocolBufferException {
    try {
      return Reader.request(CodedInputStream.newInstance(request));
    } catch (InvalidProtocolBufferException e) {
      throw e;
    } catch (IOException e) {
      throw new InvalidProtocolBufferException(e);
    }
  }

  /**
   * One method for each message of the .proto file; of a field that comes twice the last counts.
   */
  final class Reader {
    private static final int FIELD_1 = WireFormat.WIRETYPE_LENGTH_DELIMITED | 1 << 3;
    private static final int FIELD_2 = WireFormat.WIRETYPE_LENGTH_DELIMITED | 2 << 3;
    private static final int FIELD_3 = WireFormat.WIRETYPE_LENGTH_DELIMITED | 3 << 3;
    private static final int VARINT_1 = WireFormat.WIRETYPE_VARINT | 1 << 3;

    private Reader() {}

    private interface Message<T extends @Nullable Object> {
      T read(CodedInputStream in) throws IOException;
    }

    private static WorkerMessage request(CodedInputStream in) throws IOException {
      WorkerMessage message = null;
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (tag) {
          case FIELD_1 -> message = nested(in, Reader::actionRequest);
          case FIELD_2 -> message = new Leaving(nested(in, Reader::disconnect));
          default -> UnknownFields.skip(in, tag);
        }
      }
      return required(message, "request");
    }

    private static WorkerMessage actionRequest(CodedInputStream in) throws IOException {
      WorkerMessage message = null;
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (tag) {
          case FIELD_1 -> message = new Initial(nested(in, Reader::clientId));
          case FIELD_2 -> message = nested(in, Reader::answer);
          default -> UnknownFields.skip(in, tag);
        }
      }
      return required(message, "request.action_request");
    }

    private static String clientId(CodedInputStream in) throws IOException {
      String id = "";
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (tag == FIELD_1) {
          id = in.readStringRequireUtf8();
        } else {
          UnknownFields.skip(in, tag);
        }
      }
      return id;
    }

    private static @Nullable Answer disconnect(CodedInputStream in) throws IOException {
      Answer answer = null;
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (tag == FIELD_1) {
          answer = nested(in, Reader::answer);
        } else {
          UnknownFields.skip(in, tag);
        }
      }
      return answer;
    }

    private static Answer answer(CodedInputStream in) throws IOException {
      long ackId = 0;
      Outcome.Acked acked = null;
      boolean nacked = false;
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (tag) {
          case VARINT_1 -> ackId = in.readUInt64();
          case FIELD_2 -> acked = nested(in, Reader::ack);
          case FIELD_3 -> {
            in.skipField(tag);
            nacked = true;
            acked = null;
          }
          default -> UnknownFields.skip(in, tag);
        }
      }
      if (acked == null && !nacked) {
        throw new InvalidProtocolBufferException("ack_or_nack: neither ack nor nack is set");
      }
      return new Answer(ackId, acked);
    }

    private static Outcome.Acked ack(CodedInputStream in) throws IOException {
      byte[] executionResult = null;
      byte[] verdicts = null;
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (tag) {
          case FIELD_1 -> executionResult = in.readByteArray();
          case FIELD_2 -> verdicts = wellFormed(in.readByteArray());
          default -> UnknownFields.skip(in, tag);
        }
      }
      return verdicts == null && executionResult == null
          ? Outcome.Acked.EMPTY
          : new Outcome.Acked(verdicts, executionResult);
    }

    /** A caller will read this, so a worker must not get garbage past us. */
    private static byte[] wellFormed(byte[] message) throws IOException {
      CodedInputStream in = CodedInputStream.newInstance(message);
      in.skipMessage();
      in.checkLastTagWas(0);
      return message;
    }

    private static <T extends @Nullable Object> T nested(CodedInputStream in, Message<T> message)
        throws IOException {
      int outer = in.pushLimit(in.readRawVarint32());
      T value = message.read(in);
      in.checkLastTagWas(0);
      in.popLimit(outer);
      return value;
    }

    private static WorkerMessage required(@Nullable WorkerMessage message, String field)
        throws InvalidProtocolBufferException {
      if (message == null) {
        throw new InvalidProtocolBufferException(field + ": nothing is set");
      }
      return message;
    }
  }
}
