package org.osprey.coordinator.collector;

import java.time.Instant;
import java.util.Map;

/**
 * One thing a collector saw. It gets its id and the collector's name when it is emitted.
 *
 * @param type what happened, in words with dots between them such as {@code dns.changed}; never
 *     empty
 * @param timestamp when it happened
 * @param attributes what people look for it by
 */
public record Event(
    String type,
    Severity severity,
    Instant timestamp,
    Map<String, String> attributes,
    Payload payload) {

  public Event {
    if (type.isEmpty()) {
      throw new IllegalArgumentException("type must not be empty");
    }
    attributes = Map.copyOf(attributes);
  }
}
