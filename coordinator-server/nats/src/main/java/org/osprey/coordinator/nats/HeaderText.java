package org.osprey.coordinator.nats;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/**
 * Puts any text into a header, which takes only ASCII without line breaks. Printable ASCII stays as
 * it is, but for the percent sign; all else becomes {@code %XX}, byte by byte of UTF-8.
 */
final class HeaderText {
  private static final int HEX = 16;

  private HeaderText() {}

  static String encode(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    StringBuilder encoded = new StringBuilder(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      // Blanks at the ends would be lost.
      boolean outer = i == 0 || i == bytes.length - 1;
      if (isPlain(bytes[i]) || (bytes[i] == ' ' && !outer)) {
        encoded.append((char) bytes[i]);
      } else {
        encoded.append(escape(bytes[i]));
      }
    }
    return encoded.toString();
  }

  /** As for a value, but without colons and blanks. */
  static String encodeName(String name) {
    return encode(name).replace(" ", "%20").replace(":", "%3A");
  }

  static String decode(String encoded) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
    for (int i = 0; i < encoded.length(); i++) {
      int high = encoded.charAt(i) == '%' ? digit(encoded, i + 1) : -1;
      int low = digit(encoded, i + 2);
      if (high >= 0 && low >= 0) {
        bytes.write(high * HEX + low);
        i += 2;
      } else {
        bytes.write(encoded.charAt(i));
      }
    }
    return bytes.toString(UTF_8);
  }

  private static boolean isPlain(byte b) {
    return b > ' ' && b < 0x7f && b != '%';
  }

  private static int digit(String text, int index) {
    return index < text.length() ? Character.digit(text.charAt(index), HEX) : -1;
  }

  private static String escape(byte b) {
    return "%%%02X".formatted(b & 0xff);
  }
}
