package org.osprey.coordinator.rpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.codec.JsonObjects;
import org.osprey.coordinator.codec.Names;
import org.osprey.coordinator.codec.UndecodableException;
import org.osprey.coordinator.codec.UnknownFields;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.IdGenerator;

/**
 * Reads a {@code ProcessActionRequest} and checks it; of a field that comes twice the last counts.
 */
final class SyncRequest {
  private static final int ACTION_ID = WireFormat.WIRETYPE_LENGTH_DELIMITED | 1 << 3;
  private static final int ACTION_NAME = WireFormat.WIRETYPE_LENGTH_DELIMITED | 2 << 3;
  private static final int ACTION_DATA_JSON = WireFormat.WIRETYPE_LENGTH_DELIMITED | 3 << 3;
  private static final int TIMESTAMP = WireFormat.WIRETYPE_LENGTH_DELIMITED | 5 << 3;
  private static final int VARINT_1 = WireFormat.WIRETYPE_VARINT | 1 << 3;
  private static final int VARINT_2 = WireFormat.WIRETYPE_VARINT | 2 << 3;

  // What a protobuf Timestamp can say: its readers may refuse anything else.
  private static final long FIRST_SECOND = Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();
  private static final long LAST_SECOND = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

  private long actionId;
  private String actionName = "";
  private byte[] actionData = new byte[0];
  private @Nullable Instant timestamp;

  private SyncRequest() {}

  /**
   * @throws UndecodableException naming the field that is wrong
   */
  static Action read(byte[] message, IdGenerator ids) throws UndecodableException {
    SyncRequest request = new SyncRequest();
    try {
      request.readFields(CodedInputStream.newInstance(message));
    } catch (InvalidProtocolBufferException e) {
      throw new UndecodableException("request is no ProcessActionRequest: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UndecodableException("request is cut short", e);
    }
    return request.toAction(ids);
  }

  private Action toAction(IdGenerator ids) throws UndecodableException {
    Names.check("action_name", actionName);
    if (timestamp == null) {
      throw new UndecodableException("timestamp is missing");
    }
    try {
      JsonObjects.check(actionData);
    } catch (UndecodableException e) {
      throw new UndecodableException("action_data_json " + e.getMessage(), e);
    }
    long id = actionId == 0 ? ids.next() : actionId;
    return new Action(id, actionName, Action.Encoding.JSON, actionData, null, timestamp);
  }

  private void readFields(CodedInputStream in) throws IOException, UndecodableException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case ACTION_ID -> actionId = readWrapped(in);
        case ACTION_NAME -> actionName = readName(in);
        case ACTION_DATA_JSON -> actionData = in.readByteArray();
        case TIMESTAMP -> timestamp = readTimestamp(in);
        default -> UnknownFields.skip(in, tag);
      }
    }
  }

  private static String readName(CodedInputStream in) throws IOException, UndecodableException {
    try {
      return in.readStringRequireUtf8();
    } catch (InvalidProtocolBufferException e) {
      throw new UndecodableException("action_name is not valid UTF-8", e);
    }
  }

  private static long readWrapped(CodedInputStream in) throws IOException {
    int outer = in.pushLimit(in.readRawVarint32());
    long value = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == VARINT_1) {
        value = in.readUInt64();
      } else {
        UnknownFields.skip(in, tag);
      }
    }
    in.popLimit(outer);
    return value;
  }

  private static Instant readTimestamp(CodedInputStream in)
      throws IOException, UndecodableException {
    int outer = in.pushLimit(in.readRawVarint32());
    long seconds = 0;
    int nanos = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case VARINT_1 -> seconds = in.readInt64();
        case VARINT_2 -> nanos = in.readInt32();
        default -> UnknownFields.skip(in, tag);
      }
    }
    in.popLimit(outer);
    if (nanos < 0 || nanos > 999_999_999) {
      throw new UndecodableException("timestamp.nanos is %d, want 0 to 999999999".formatted(nanos));
    }
    if (seconds < FIRST_SECOND || seconds > LAST_SECOND) {
      throw new UndecodableException(
          "timestamp.seconds is %d, want %d to %d (years 1 to 9999)"
              .formatted(seconds, FIRST_SECOND, LAST_SECOND));
    }
    return Instant.ofEpochSecond(seconds, nanos);
  }
}
