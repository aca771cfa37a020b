package org.osprey.coordinator.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.codec.ActionEncoder;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Action.Encoding;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.DeadLetter.Decoded;
import org.osprey.coordinator.core.DeadLetter.Undecoded;

/**
 * A dead letter as a record, whole or as much of it as the topic takes. {@link LetterParser} is the
 * other way round.
 */
record Letter(DeadLetter letter, Part part) {
  /** Before the name of each header that is ours; headers of the origin never begin so. */
  static final String PREFIX = "dead-letter-";

  static final String REASON = PREFIX + "reason";
  static final String DETAIL = PREFIX + "detail";
  static final String SOURCE = PREFIX + "source";
  static final String ORIGIN = PREFIX + "origin";
  static final String NACKS = PREFIX + "nacks";
  static final String DEATHS = PREFIX + "deaths";

  /** When the action happened, or the message was published; the record says when it was put. */
  static final String TIMESTAMP = PREFIX + "timestamp";

  /** Only on actions. */
  static final String ACTION_ID = PREFIX + "action-id";

  /** Only on actions. */
  static final String ACTION_NAME = PREFIX + "action-name";

  static final String RESULT = PREFIX + "result";

  /** Only on a letter that had to go without its result: how large that was. */
  static final String RESULT_BYTES = PREFIX + "result-bytes";

  /** Only on a letter that had to go without its payload: how large that was. */
  static final String PAYLOAD_BYTES = PREFIX + "payload-bytes";

  // These two are for the decoder, which reads them from every message.
  static final String ENCODING = "encoding";
  static final String NOT_BEFORE = "not-before";

  private static final int LARGEST_SMALL_KEY = 1024;

  /** How much of a letter there is. */
  enum Part {
    ALL,
    WITHOUT_RESULT,
    /** All that is left says what it was and where it came from. */
    WITHOUT_PAYLOAD
  }

  static Letter whole(DeadLetter letter) {
    return new Letter(letter, letter.result() == null ? Part.WITHOUT_RESULT : Part.ALL);
  }

  /** The letter for a topic that refuses this one as too large, or null if nothing can go. */
  @Nullable Letter smaller() {
    return switch (part) {
      case ALL -> new Letter(letter, Part.WITHOUT_RESULT);
      case WITHOUT_RESULT -> new Letter(letter, Part.WITHOUT_PAYLOAD);
      case WITHOUT_PAYLOAD -> null;
    };
  }

  ProducerRecord<byte[], byte[]> toRecord(String topic) {
    Headers headers = new RecordHeaders();
    addNotes(headers);
    return switch (letter.content()) {
      case Decoded decoded -> record(topic, decoded.action(), headers);
      case Undecoded message -> record(topic, message, headers);
    };
  }

  private ProducerRecord<byte[], byte[]> record(String topic, Action action, Headers headers) {
    add(headers, TIMESTAMP, action.timestamp().toString());
    add(headers, ACTION_ID, action.idText());
    add(headers, ACTION_NAME, action.name());
    if (action.encoding() == Encoding.PROTO) {
      add(headers, ENCODING, "proto");
    }
    if (action.notBefore() != null) {
      add(headers, NOT_BEFORE, action.notBefore().toString());
    }
    byte[] key = action.idText().getBytes(UTF_8);
    return new ProducerRecord<>(topic, null, key, value(headers), headers);
  }

  private ProducerRecord<byte[], byte[]> record(String topic, Undecoded message, Headers headers) {
    add(headers, TIMESTAMP, message.timestamp().toString());
    byte[] key = message.key();
    if (part == Part.WITHOUT_PAYLOAD) {
      byte[] smallKey = key != null && key.length <= LARGEST_SMALL_KEY ? key : null;
      return new ProducerRecord<>(topic, null, smallKey, value(headers), headers);
    }
    message.attributes().forEach((name, value) -> addKept(headers, name, value));
    return new ProducerRecord<>(topic, null, key, value(headers), headers);
  }

  private byte @Nullable [] value(Headers headers) {
    if (part == Part.WITHOUT_PAYLOAD) {
      add(headers, PAYLOAD_BYTES, Long.toString(letter.content().size()));
      return null;
    }
    return switch (letter.content()) {
      case Decoded decoded -> ActionEncoder.encode(decoded.action());
      case Undecoded message -> message.data();
    };
  }

  private void addNotes(Headers headers) {
    add(headers, REASON, letter.reason().name());
    add(headers, DETAIL, letter.error());
    add(headers, SOURCE, letter.source());
    add(headers, ORIGIN, letter.origin());
    add(headers, NACKS, Integer.toString(letter.nacks()));
    add(headers, DEATHS, Integer.toString(letter.deaths()));
    byte[] result = letter.result();
    if (result != null && part == Part.ALL) {
      headers.add(RESULT, result);
    } else if (result != null) {
      add(headers, RESULT_BYTES, Integer.toString(result.length));
    }
  }

  /** A letter that was sent back for another try may have ours from last time. */
  private static void addKept(Headers headers, String name, String value) {
    if (!name.startsWith(PREFIX)) {
      add(headers, name, value);
    }
  }

  private static void add(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(UTF_8));
  }
}
