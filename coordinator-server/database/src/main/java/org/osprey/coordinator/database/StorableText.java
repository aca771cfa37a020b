package org.osprey.coordinator.database;

/**
 * Text as both databases take it: what PostgreSQL refuses, NUL, and what UTF-8 has no form for,
 * half a surrogate pair, become an escape of a backslash and four hexadecimal digits. A backslash
 * is doubled.
 */
final class StorableText {
  private StorableText() {}

  static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints().forEach(point -> append(out, point));
    return out.toString();
  }

  static String unescape(String stored) {
    if (stored.indexOf('\\') < 0) {
      return stored;
    }
    StringBuilder out = new StringBuilder(stored.length());
    for (int i = 0; i < stored.length(); i++) {
      char next = stored.charAt(i);
      if (next != '\\') {
        out.append(next);
      } else if (stored.startsWith("\\", i + 1)) {
        out.append(next);
        i++;
      } else {
        out.append((char) Integer.parseInt(stored, i + 1, i + 5, 16));
        i += 4;
      }
    }
    return out.toString();
  }

  private static void append(StringBuilder out, int point) {
    if (point == '\\') {
      out.append("\\\\");
    } else if (point == 0 || Character.getType(point) == Character.SURROGATE) {
      out.append("\\%04x".formatted(point));
    } else {
      out.appendCodePoint(point);
    }
  }
}
