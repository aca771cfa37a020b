package org.osprey.coordinator.collectors.flow;

import java.util.Arrays;

/** JSON in UTF-8 as it grows. Not thread-safe, and used again and again by its one owner. */
final class JsonBytes {
  private static final int FIRST = 1024;

  /** What one huge event made it grow to is not kept. */
  private static final int MOST_KEPT = 64 * 1024;

  /** What one character takes at most: a control character, escaped. */
  private static final int MOST_PER_CHARACTER = 6;

  private static final int ASCII = 128;
  private static final boolean[] PLAIN = plain();
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  private byte[] bytes = new byte[FIRST];
  private int length;

  private static boolean[] plain() {
    boolean[] plain = new boolean[ASCII];
    Arrays.fill(plain, ' ', ASCII, true);
    plain['"'] = false;
    plain['\\'] = false;
    return plain;
  }

  void reset() {
    length = 0;
    if (bytes.length > MOST_KEPT) {
      bytes = new byte[FIRST];
    }
  }

  byte[] copy() {
    return Arrays.copyOf(bytes, length);
  }

  /** As it is. */
  void raw(byte[] json) {
    ensure(json.length);
    System.arraycopy(json, 0, bytes, length, json.length);
    length += json.length;
  }

  /** As it is: ASCII. */
  void raw(char character) {
    ensure(1);
    bytes[length++] = (byte) character;
  }

  void number(long value) {
    long rest = value;
    int digits = 1;
    for (long power = 10; digits < 19 && rest >= power; power *= 10) {
      digits++;
    }
    digits(value, digits);
  }

  /** The last digits of a number that is not negative, with zeros before them. */
  void digits(long value, int digits) {
    ensure(digits);
    long rest = value;
    for (int at = length + digits - 1; at >= length; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
  }

  /** With its quotes. */
  void string(String text) {
    raw('"');
    int plain = plainBeginning(text);
    if (plain < text.length()) {
      escape(text, plain);
    }
    raw('"');
  }

  /**
   * @return how many characters were written as they are
   */
  private int plainBeginning(String text) {
    int end = text.length();
    ensure(end);
    byte[] into = bytes;
    int at = length;
    int i = 0;
    for (; i < end; i++) {
      char character = text.charAt(i);
      if (character >= ASCII || !PLAIN[character]) {
        break;
      }
      into[at++] = (byte) character;
    }
    length = at;
    return i;
  }

  private void escape(String text, int from) {
    int i = from;
    while (i < text.length()) {
      ensure(MOST_PER_CHARACTER);
      // Half of a pair without the other is written as a question mark, as encoders do.
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      if (point < ASCII) {
        ascii((char) point);
      } else {
        utf8(Character.getType(point) == Character.SURROGATE ? '?' : point);
      }
    }
  }

  private void ascii(char character) {
    if (PLAIN[character]) {
      bytes[length++] = (byte) character;
      return;
    }
    bytes[length++] = '\\';
    switch (character) {
      case '"', '\\' -> bytes[length++] = (byte) character;
      case '\n' -> bytes[length++] = 'n';
      case '\r' -> bytes[length++] = 'r';
      case '\t' -> bytes[length++] = 't';
      default -> {
        bytes[length++] = 'u';
        bytes[length++] = '0';
        bytes[length++] = '0';
        bytes[length++] = HEX[character >> 4];
        bytes[length++] = HEX[character & 0xf];
      }
    }
  }

  private void utf8(int point) {
    if (point < ASCII) {
      bytes[length++] = (byte) point;
    } else if (point < 0x800) {
      bytes[length++] = (byte) (0xc0 | point >> 6);
      continued(point);
    } else if (point < 0x10000) {
      bytes[length++] = (byte) (0xe0 | point >> 12);
      continued(point >> 6);
      continued(point);
    } else {
      bytes[length++] = (byte) (0xf0 | point >> 18);
      continued(point >> 12);
      continued(point >> 6);
      continued(point);
    }
  }

  private void continued(int bits) {
    bytes[length++] = (byte) (0x80 | (bits & 0x3f));
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
