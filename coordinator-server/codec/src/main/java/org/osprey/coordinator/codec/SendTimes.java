package org.osprey.coordinator.codec;

import java.time.DateTimeException;
import java.time.Instant;

/** RFC 3339 times within the range of a protobuf Timestamp. */
final class SendTimes {
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

  private SendTimes() {}

  static Instant parse(String field, String text) throws UndecodableException {
    Instant time = parseInstant(field, text);
    if (time.isBefore(FIRST) || !time.isBefore(END)) {
      throw new UndecodableException(field + " is out of range, want the years 1 to 9999");
    }
    return time;
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
