package org.osprey.coordinator.collectors.flow;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collector.Event;
import org.osprey.coordinator.collector.Payload;
import org.osprey.coordinator.collector.Severity;

/**
 * Writes the events of one collector as JSON, and keeps what is the same from one to the next. Not
 * thread-safe.
 */
final class EventEncoder {
  private static final byte[] TIMESTAMP = bytes("\",\"timestamp\":\"");
  private static final byte[] ATTRIBUTES = bytes("\",\"attributes\":{");
  private static final byte[] PAYLOAD = bytes("},\"payload\":");
  private static final byte[] END = bytes("}");
  private static final byte[] END_BOTH = bytes("}}");
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT);

  /** The years 0000 to 9999, which have four digits. */
  private static final long FIRST_SECOND = -62_167_219_200L;

  private static final long LAST_SECOND = 253_402_300_799L;

  private final JsonBytes json = new JsonBytes();

  /** From the brace to the sequence number. */
  private final byte[] beginning;

  /** From behind that to the type. */
  private final byte[] collector;

  private @Nullable String type;
  private @Nullable Severity severity;

  /** From the sequence number to the timestamp, for that type and severity. */
  private byte[] middle = {};

  private long second = Long.MIN_VALUE;
  private byte[] secondText = {};

  /**
   * @param name of the collector
   */
  EventEncoder(String name, long epoch) {
    byte[] quoted = quoted(Encoded.id(name, epoch, 0));
    int withoutSeq = quoted.length - 2;
    beginning = bytes("{\"id\":" + new String(quoted, 0, withoutSeq, UTF_8));
    collector = bytes("\",\"collector\":" + new String(quoted(name), UTF_8) + ",\"type\":");
  }

  byte[] encode(Event event, long seq) {
    json.reset();
    json.raw(beginning);
    json.number(seq);
    json.raw(middle(event.type(), event.severity()));
    timestamp(event.timestamp());
    json.raw(ATTRIBUTES);
    attributes(event.attributes());
    payload(event.payload());
    return json.copy();
  }

  private byte[] middle(String ofType, Severity ofSeverity) {
    if (severity != ofSeverity || !ofType.equals(type)) {
      String severityText = ofSeverity.name().toLowerCase(Locale.ROOT);
      JsonBytes text = new JsonBytes();
      text.raw(collector);
      text.string(ofType);
      text.raw(bytes(",\"severity\":\"" + severityText));
      text.raw(TIMESTAMP);
      middle = text.copy();
      type = ofType;
      severity = ofSeverity;
    }
    return middle;
  }

  private void timestamp(Instant timestamp) {
    long seconds = timestamp.getEpochSecond();
    if (seconds < FIRST_SECOND || seconds > LAST_SECOND) {
      json.raw(bytes(timestamp.toString()));
      return;
    }
    if (seconds != second) {
      secondText = bytes(SECONDS.format(LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC)));
      second = seconds;
    }
    json.raw(secondText);
    fraction(timestamp.getNano());
    json.raw('Z');
  }

  private void fraction(int nanos) {
    if (nanos == 0) {
      return;
    }
    json.raw('.');
    if (nanos % 1_000_000 == 0) {
      json.digits(nanos / 1_000_000, 3);
    } else if (nanos % 1_000 == 0) {
      json.digits(nanos / 1_000, 6);
    } else {
      json.digits(nanos, 9);
    }
  }

  private void attributes(Map<String, String> attributes) {
    boolean first = true;
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      if (!first) {
        json.raw(',');
      }
      first = false;
      json.string(attribute.getKey());
      json.raw(':');
      json.string(attribute.getValue());
    }
  }

  private void payload(Payload payload) {
    switch (payload) {
      case Payload.None none -> json.raw(END_BOTH);
      case Payload.Json given -> {
        json.raw(PAYLOAD);
        json.raw(given.bytes());
        json.raw(END);
      }
      case Payload.Text given -> {
        json.raw(PAYLOAD);
        json.string(given.text());
        json.raw(END);
      }
    }
  }

  private static byte[] quoted(String text) {
    JsonBytes json = new JsonBytes();
    json.string(text);
    return json.copy();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
