package org.osprey.coordinator.codec;

/** Unsigned 64-bit ids as text. */
final class UnsignedIds {
  /** Digits of the largest one, 18446744073709551615. */
  private static final int MAX_DIGITS = 20;

  private UnsignedIds() {}

  /**
   * @return {@link Envelope#NO_ID} for an empty text
   */
  static long parse(String field, String text) throws UndecodableException {
    if (text.isEmpty()) {
      return Envelope.NO_ID;
    }
    // Long takes a sign and the digits of every script.
    if (text.length() > MAX_DIGITS || !isDecimal(text)) {
      throw malformed(field);
    }
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw malformed(field);
    }
  }

  private static boolean isDecimal(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  static UndecodableException malformed(String field) {
    return new UndecodableException(
        field + " is not an unsigned 64-bit integer, want 0 to 18446744073709551615");
  }
}
