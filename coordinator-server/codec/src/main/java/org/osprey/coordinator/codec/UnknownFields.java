package org.osprey.coordinator.codec;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;

/** What newer clients may send and this version does not know. */
public final class UnknownFields {
  private UnknownFields() {}

  /**
   * Passes over the field of this tag, which was read last.
   *
   * @throws InvalidProtocolBufferException when the bytes are no field
   */
  public static void skip(CodedInputStream in, int tag) throws IOException {
    if (!in.skipField(tag)) {
      throw new InvalidProtocolBufferException("a group ends that never began");
    }
  }
}
