package org.osprey.coordinator.codec;

import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Strict UTF-8: no overlong forms and no surrogates. */
final class Utf8 {
  private Utf8() {}

  /**
   * @return where the first bad byte is, counted from {@code offset}, or -1 if all are good
   */
  static int firstBadByte(byte[] bytes, int offset, int length) {
    boolean valid = UnsafeByteOperations.unsafeWrap(bytes, offset, length).isValidUtf8();
    return valid ? -1 : search(bytes, offset, length);
  }

  private static int search(byte[] bytes, int offset, int length) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
    CharBuffer out = CharBuffer.allocate(1024);
    CoderResult result = decoder.decode(in, out, true);
    while (result.isOverflow()) {
      out.clear();
      result = decoder.decode(in, out, true);
    }
    return in.position() - offset;
  }
}
