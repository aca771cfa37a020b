package org.osprey.coordinator.collectors.builtin.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * Reads small files of {@code /proc} into one buffer, again and again. Belongs to one thread.
 *
 * <p>A file that is gone, or whose process is, is nothing unusual there: it is told as missing.
 */
final class ProcReader {
  private static final int FIRST_SIZE = 8 * 1024;
  private static final int MAX_SIZE = 4 * 1024 * 1024;

  private byte[] buffer = new byte[FIRST_SIZE];
  private int length;

  /**
   * @return whether it could be read; what is longer than 4 MiB is cut
   */
  boolean read(File file) {
    length = 0;
    try (FileInputStream in = new FileInputStream(file)) {
      int count = in.read(buffer, 0, buffer.length);
      while (count > 0) {
        length += count;
        if (length == buffer.length) {
          if (length >= MAX_SIZE) {
            return true;
          }
          buffer = Arrays.copyOf(buffer, length * 2);
        }
        count = in.read(buffer, length, buffer.length - length);
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** What was read last; valid until the next read. */
  byte[] bytes() {
    return buffer;
  }

  int length() {
    return length;
  }

  /** What was read last. */
  String text() {
    return new String(buffer, 0, length, UTF_8);
  }
}
