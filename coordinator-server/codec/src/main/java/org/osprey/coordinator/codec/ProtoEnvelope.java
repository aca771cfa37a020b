package org.osprey.coordinator.codec;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/**
 * The two things an encoded {@code osprey.rpc.actions.v1.Action} is asked for.
 *
 * @param id unsigned 64 bits, {@link Envelope#NO_ID} if the message leaves it to us
 */
record ProtoEnvelope(long id, String name) {
  private static final int ID_TAG = tag(1, WireFormat.WIRETYPE_FIXED64);

  static ProtoEnvelope read(byte[] message, ActionNumbers numbers) throws UndecodableException {
    CodedInputStream input = CodedInputStream.newInstance(message);
    try {
      return read(input, numbers);
    } catch (IOException e) {
      throw new UndecodableException(
          "is not valid protobuf, first error at byte " + input.getTotalBytesRead());
    }
  }

  /** As in every protobuf reader, the last one of several wins, and unknown fields are no error. */
  private static ProtoEnvelope read(CodedInputStream input, ActionNumbers numbers)
      throws IOException, UndecodableException {
    long id = Envelope.NO_ID;
    String name = null;
    int unknown = 0;
    for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
      if (tag == ID_TAG) {
        id = input.readFixed64();
        continue;
      }
      String found = isMessage(tag) ? numbers.name(WireFormat.getTagFieldNumber(tag)) : null;
      name = found == null ? name : found;
      unknown = found == null ? WireFormat.getTagFieldNumber(tag) : unknown;
      UnknownFields.skip(input, tag);
    }
    if (name == null) {
      throw nameless(unknown);
    }
    return new ProtoEnvelope(id, name);
  }

  private static boolean isMessage(int tag) {
    return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  private static UndecodableException nameless(int unknown) {
    return new UndecodableException(
        unknown == 0
            ? "has no data field, so no action name"
            : "has unknown action number " + unknown + "; its name can be configured");
  }

  private static int tag(int number, int wireType) {
    return number << 3 | wireType;
  }
}
