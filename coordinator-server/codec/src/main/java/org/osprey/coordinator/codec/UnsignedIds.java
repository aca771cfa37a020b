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
    if (text.length() > MAX_DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw malformed(field);
    }
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw malformed(field);
    }
  }

  static UndecodableException malformed(String field) {
    return new UndecodableException(
        field + " is not an unsigned 64-bit integer, want 0 to 18446744073709551615");
  }
}
