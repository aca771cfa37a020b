package org.osprey.coordinator.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Action.Encoding;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.DeadLetter.Content;
import org.osprey.coordinator.core.DeadLetter.Decoded;
import org.osprey.coordinator.core.DeadLetter.Reason;
import org.osprey.coordinator.core.DeadLetter.Undecoded;
import org.osprey.coordinator.core.DeadLetterStore.StoredLetter;

/** From a dead letter to a record and back; the contract suite does the same through a broker. */
class LetterTest {
  private static final long STORED_AT = 1_700_000_000_000L;

  /** Finer than the milliseconds a record has, and before they begin. */
  private static final Instant HAPPENED = Instant.parse("1969-07-20T20:17:40.123456789Z");

  @Test
  void anActionKeepsItsTimes() {
    Instant due = Instant.parse("2026-11-21T10:15:30.5Z");
    Action action = new Action(-1, "user_login", Encoding.JSON, bytes("{}"), null, HAPPENED, due);
    StoredLetter stored = stored(letter(new Decoded(action), null));

    assertEquals("3-42", stored.id());
    assertEquals(Instant.ofEpochMilli(STORED_AT), stored.storedAt());
    Action found = assertInstanceOf(Decoded.class, stored.letter().content()).action();
    assertEquals("18446744073709551615", found.idText());
    assertEquals(HAPPENED, found.timestamp());
    assertEquals(due, found.notBefore());
  }

  @Test
  void aProtoActionNeedsNeitherAnIdNorAKnownNumberInItsBytes() {
    byte[] payload = {(byte) 0xfa, (byte) 0xff, 1, 0};
    Action action = new Action(99, "operators_own", Encoding.PROTO, payload, null, HAPPENED);
    StoredLetter stored = stored(letter(new Decoded(action), null));

    Action found = assertInstanceOf(Decoded.class, stored.letter().content()).action();
    assertEquals(99, found.id());
    assertEquals("operators_own", found.name());
    assertEquals(Encoding.PROTO, found.encoding());
    assertArrayEquals(payload, found.payload());
    assertNull(found.notBefore());
  }

  @Test
  void aSourceReadsWhatAnActionBecame() {
    Action action =
        new Action(7, "user_login", Encoding.JSON, bytes("{\"a\":1}"), bytes("{}"), HAPPENED);
    ProducerRecord<byte[], byte[]> record = record(letter(new Decoded(action), null));

    assertEquals("7", new String(record.key(), UTF_8));
    assertEquals(
        "{\"id\":\"7\",\"name\":\"user_login\",\"data\":{\"a\":1},\"secret_data\":{}}",
        new String(record.value(), UTF_8));
    assertNull(record.headers().lastHeader("encoding"));
    assertNull(record.timestamp());
  }

  @Test
  void headersOfTheLastTryDoNotMixWithThoseOfThisOne() {
    Undecoded message =
        new Undecoded(
            null,
            bytes("x"),
            Map.of("trace", "1", Letter.REASON, "NACKED", "nacks", "7"),
            HAPPENED);
    StoredLetter stored = stored(letter(message, null));

    assertEquals(Reason.UNDECODABLE, stored.letter().reason());
    assertEquals(
        Map.of("trace", "1", "nacks", "7"),
        assertInstanceOf(Undecoded.class, stored.letter().content()).attributes());
  }

  @Test
  void aResultThatDidNotFitIsMissing() {
    Action action = new Action(7, "a", Encoding.JSON, bytes("{}"), null, HAPPENED);
    DeadLetter letter = letter(new Decoded(action), new byte[5]);
    Letter smaller = requireNonNull(Letter.whole(letter).smaller());

    StoredLetter stored = LetterParser.parse(received(smaller.toRecord("letters")));
    assertNull(stored.letter().result());
    assertInstanceOf(Decoded.class, stored.letter().content());
  }

  @Test
  void anActionThatDidNotFitIsShownAsAMessageThatSaysSo() {
    Action action = new Action(7, "a", Encoding.JSON, bytes("{}"), null, HAPPENED);
    Letter smallest = requireNonNull(Letter.whole(letter(new Decoded(action), null)).smaller());
    assertNull(smallest.smaller());

    StoredLetter stored = LetterParser.parse(received(smallest.toRecord("letters")));
    Undecoded message = assertInstanceOf(Undecoded.class, stored.letter().content());
    assertEquals(0, message.data().length);
    assertEquals(Map.of(Letter.PAYLOAD_BYTES, "2"), message.attributes());
    assertEquals("place=1", stored.letter().origin());
  }

  @Test
  void aLongKeyDoesNotKeepTheRestFromFitting() {
    Undecoded message = new Undecoded(new byte[2000], bytes("x"), Map.of(), HAPPENED);
    Letter smallest = requireNonNull(Letter.whole(letter(message, null)).smaller());

    assertNull(smallest.toRecord("letters").key());
  }

  @Test
  void whatSomebodyElseWroteIsShown() {
    Headers headers = new RecordHeaders();
    headers.add("null", null);
    headers.add(Letter.REASON, bytes("BAD_LUCK"));
    StoredLetter stored = LetterParser.parse(received(bytes("what"), headers));

    assertEquals(Reason.UNDECODABLE, stored.letter().reason());
    assertEquals("was not written by a coordinator", stored.letter().error());
    Undecoded message = assertInstanceOf(Undecoded.class, stored.letter().content());
    assertArrayEquals(bytes("what"), message.data());
    assertEquals(Map.of("null", ""), message.attributes());
    assertEquals(Instant.ofEpochMilli(STORED_AT), message.timestamp());
  }

  @Test
  void anActionThatSomebodyDamagedIsShownAsAMessage() {
    Action action = new Action(7, "a", Encoding.JSON, bytes("{}"), null, HAPPENED);
    ProducerRecord<byte[], byte[]> record = record(letter(new Decoded(action), null));
    StoredLetter stored = LetterParser.parse(received(bytes("{"), record.headers()));

    assertInstanceOf(Undecoded.class, stored.letter().content());
    assertEquals("error", stored.letter().error());
  }

  private static DeadLetter letter(Content content, byte @Nullable [] result) {
    return new DeadLetter(Reason.UNDECODABLE, "kafka", "place=1", content, 1, 2, "error", result);
  }

  private static ProducerRecord<byte[], byte[]> record(DeadLetter letter) {
    return Letter.whole(letter).toRecord("letters");
  }

  private static StoredLetter stored(DeadLetter letter) {
    return LetterParser.parse(received(record(letter)));
  }

  private static ConsumerRecord<byte[], byte[]> received(ProducerRecord<byte[], byte[]> record) {
    return received(record.value(), record.headers());
  }

  private static ConsumerRecord<byte[], byte[]> received(byte @Nullable [] value, Headers headers) {
    return new ConsumerRecord<>(
        "letters",
        3,
        42,
        STORED_AT,
        TimestampType.CREATE_TIME,
        0,
        0,
        null,
        value,
        headers,
        Optional.empty());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
