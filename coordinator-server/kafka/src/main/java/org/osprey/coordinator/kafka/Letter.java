package org.osprey.coordinator.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * What goes into the dead-letter topic.
 *
 * @param value made when it is sent, so that a letter in the queue costs little memory
 * @param kept headers of the origin, dropped when the letter is too large
 * @param notes our own headers
 * @param timestamp milliseconds of the epoch
 */
@SuppressWarnings("ArrayRecordComponent") // opaque bytes, handed through
record Letter(
    byte @Nullable [] key,
    Supplier<byte @Nullable []> value,
    List<Header> kept,
    Map<String, String> notes,
    long timestamp) {

  static final String REASON = "dead-letter-reason";
  static final String DETAIL = "dead-letter-detail";
  static final String ORIGIN = "dead-letter-origin";

  /** Only on a letter that had to go without its payload: how large that was. */
  static final String PAYLOAD_BYTES = "dead-letter-payload-bytes";

  private static final int LARGEST_SMALL_KEY = 1024;

  Letter {
    kept = List.copyOf(kept);
  }

  ProducerRecord<byte[], byte[]> toRecord(String topic) {
    return new ProducerRecord<>(topic, null, timestamp, key, value.get(), headers());
  }

  /** The letter for a topic that refuses the whole one: it says where the payload came from. */
  Letter withoutPayload() {
    byte[] payload = value.get();
    Map<String, String> more = new LinkedHashMap<>(notes);
    more.put(PAYLOAD_BYTES, Integer.toString(payload == null ? 0 : payload.length));
    byte[] smallKey = key != null && key.length <= LARGEST_SMALL_KEY ? key : null;
    return new Letter(smallKey, () -> null, List.of(), more, timestamp);
  }

  boolean hasPayload() {
    return !notes.containsKey(PAYLOAD_BYTES);
  }

  private Headers headers() {
    Headers headers = new RecordHeaders(kept);
    notes.forEach(
        (name, note) -> {
          // A letter that was sent back for another try may have them from last time.
          headers.remove(name);
          headers.add(name, note.getBytes(UTF_8));
        });
    return headers;
  }
}
