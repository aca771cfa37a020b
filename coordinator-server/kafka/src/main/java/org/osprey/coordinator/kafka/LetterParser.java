package org.osprey.coordinator.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.codec.ActionDecoder;
import org.osprey.coordinator.codec.ActionNumbers;
import org.osprey.coordinator.codec.MessageDecoder;
import org.osprey.coordinator.codec.UndecodableException;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Action.Encoding;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.DeadLetter.Content;
import org.osprey.coordinator.core.DeadLetter.Decoded;
import org.osprey.coordinator.core.DeadLetter.Reason;
import org.osprey.coordinator.core.DeadLetter.Undecoded;
import org.osprey.coordinator.core.DeadLetterStore.StoredLetter;

/**
 * Makes dead letters of the records {@link Letter} wrote. Whatever else is in the topic is shown as
 * a message that is no action, so that people see it.
 */
final class LetterParser {
  private static final String FOREIGN = "was not written by a coordinator";

  /** An id that is not in the message was generated, and is in a header. */
  private static final MessageDecoder DECODER = new ActionDecoder(() -> 0, ActionNumbers.BUILT_IN);

  private LetterParser() {}

  static StoredLetter parse(ConsumerRecord<byte[], byte[]> record) {
    String id = new LetterId(record.partition(), record.offset()).toString();
    return new StoredLetter(id, Instant.ofEpochMilli(record.timestamp()), letter(record));
  }

  private static DeadLetter letter(ConsumerRecord<byte[], byte[]> record) {
    try {
      return ours(record);
    } catch (IllegalArgumentException | DateTimeException e) {
      return DeadLetter.undecodable("", "", message(record), FOREIGN);
    }
  }

  /**
   * @throws IllegalArgumentException when it is not ours
   * @throws DateTimeException when it is not ours
   */
  private static DeadLetter ours(ConsumerRecord<byte[], byte[]> record) {
    return new DeadLetter(
        Reason.valueOf(text(record, Letter.REASON)),
        text(record, Letter.SOURCE),
        text(record, Letter.ORIGIN),
        content(record),
        Integer.parseInt(text(record, Letter.NACKS)),
        Integer.parseInt(text(record, Letter.DEATHS)),
        text(record, Letter.DETAIL),
        bytes(record, Letter.RESULT));
  }

  private static Content content(ConsumerRecord<byte[], byte[]> record) {
    boolean isAction = bytes(record, Letter.ACTION_ID) != null && record.value() != null;
    if (!isAction) {
      return message(record);
    }
    try {
      return new Decoded(action(record));
    } catch (UndecodableException e) {
      return message(record);
    }
  }

  private static Action action(ConsumerRecord<byte[], byte[]> record) throws UndecodableException {
    return "proto".equals(header(record, Letter.ENCODING))
        ? protoAction(record)
        : DECODER.decode(record.value(), name -> header(record, name), timestamp(record));
  }

  /** Its id and its name may be known to headers alone. */
  private static Action protoAction(ConsumerRecord<byte[], byte[]> record) {
    String notBefore = header(record, Letter.NOT_BEFORE);
    return new Action(
        Long.parseUnsignedLong(text(record, Letter.ACTION_ID)),
        text(record, Letter.ACTION_NAME),
        Encoding.PROTO,
        record.value(),
        null,
        timestamp(record),
        notBefore == null ? null : Instant.parse(notBefore));
  }

  private static Undecoded message(ConsumerRecord<byte[], byte[]> record) {
    Map<String, String> attributes = new HashMap<>();
    for (Header header : record.headers()) {
      if (isShown(header.key())) {
        attributes.put(
            header.key(), new String(requireNonNullElse(header.value(), new byte[0]), UTF_8));
      }
    }
    byte[] data = requireNonNullElse(record.value(), new byte[0]);
    return new Undecoded(record.key(), data, attributes, timestamp(record));
  }

  /** The origin's headers, and what is missing. */
  private static boolean isShown(String header) {
    return !header.startsWith(Letter.PREFIX) || header.equals(Letter.PAYLOAD_BYTES);
  }

  private static Instant timestamp(ConsumerRecord<byte[], byte[]> record) {
    String text = header(record, Letter.TIMESTAMP);
    return text == null ? Instant.ofEpochMilli(record.timestamp()) : Instant.parse(text);
  }

  private static String text(ConsumerRecord<byte[], byte[]> record, String name) {
    String text = header(record, name);
    if (text == null) {
      throw new IllegalArgumentException("header is missing: " + name);
    }
    return text;
  }

  private static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
    byte[] value = bytes(record, name);
    return value == null ? null : new String(value, UTF_8);
  }

  private static byte @Nullable [] bytes(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? null : header.value();
  }
}
