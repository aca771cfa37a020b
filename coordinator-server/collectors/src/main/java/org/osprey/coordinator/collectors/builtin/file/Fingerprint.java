package org.osprey.coordinator.collectors.builtin.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/**
 * How a file begins, to tell it from another one that has its inode, and from itself after it was
 * emptied and written anew.
 *
 * @param length of the beginning in bytes
 */
record Fingerprint(int length, long checksum) {
  static final int MAX_LENGTH = 256;
  static final Fingerprint NONE = new Fingerprint(0, 0);

  /** Of as much as there is, up to a length. */
  static Fingerprint of(FileChannel file, int upTo) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(upTo);
    while (bytes.hasRemaining() && file.read(bytes, bytes.position()) > 0) {
      // until there is no more
    }
    CRC32C checksum = new CRC32C();
    checksum.update(bytes.flip());
    return new Fingerprint(bytes.limit(), bytes.limit() == 0 ? 0 : checksum.getValue());
  }

  boolean matches(FileChannel file) throws IOException {
    return length == 0 || equals(of(file, length));
  }
}
