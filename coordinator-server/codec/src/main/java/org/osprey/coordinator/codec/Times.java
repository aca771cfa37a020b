package org.osprey.coordinator.codec;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.regex.Pattern;

/** RFC 3339 times within the range of a protobuf Timestamp. */
final class Times {
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

  /** Up to the year 5138, so that no number of them is out of range. */
  private static final Pattern MILLISECONDS = Pattern.compile("[0-9]{1,14}");

  private Times() {}

  static Instant parse(String field, String text) throws UndecodableException {
    Instant time = parseInstant(field, text);
    if (time.isBefore(FIRST) || !time.isBefore(END)) {
      throw new UndecodableException(field + " is out of range, want the years 1 to 9999");
    }
    return time;
  }

  /** As {@link #parse}, or in milliseconds of the epoch. */
  static Instant parseNotBefore(String field, String text) throws UndecodableException {
    if (!MILLISECONDS.matcher(text).matches()) {
      return parse(field, text);
    }
    return Instant.ofEpochMilli(Long.parseLong(text));
  }

  private static Instant parseInstant(String field, String text) throws UndecodableException {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new UndecodableException(
          field + " is not an RFC 3339 time such as 2026-11-21T10:15:30Z");
    }
  }
}
