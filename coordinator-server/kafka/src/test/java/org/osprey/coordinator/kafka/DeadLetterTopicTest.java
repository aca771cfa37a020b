package org.osprey.coordinator.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.DeadLetter.Reason;
import org.osprey.coordinator.core.DeadLetter.Undecoded;

class DeadLetterTopicTest {
  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final DeadLetterTopic topic =
      new DeadLetterTopic(
          KafkaSettings.builder("host:9092", "actions", "group").build(), () -> producer);

  @BeforeEach
  void start() {
    topic.start();
  }

  @AfterEach
  void close() {
    topic.close();
  }

  @Test
  void aLetterThatIsTooLargeGoesWithoutItsResult() {
    CompletableFuture<Void> stored = put(new byte[7]);
    refuse(1);
    awaitSent(2);
    assertTrue(producer.completeNext());

    await().until(stored::isDone);
    assertFalse(stored.isCompletedExceptionally());
    ProducerRecord<byte[], byte[]> record = producer.history().get(1);
    assertArrayEquals("value".getBytes(UTF_8), record.value());
    assertNull(header(record, Letter.RESULT));
    assertEquals("7", header(record, Letter.RESULT_BYTES));
    assertEquals("abc", header(record, "trace"));
  }

  @Test
  void aLetterThatIsStillTooLargeGoesWithoutItsPayload() {
    CompletableFuture<Void> stored = put(new byte[7]);
    refuse(1);
    refuse(2);
    awaitSent(3);
    assertTrue(producer.completeNext());

    await().until(stored::isDone);
    assertFalse(stored.isCompletedExceptionally());
    ProducerRecord<byte[], byte[]> record = producer.history().get(2);
    assertEquals("actions.dead-letters", record.topic());
    assertArrayEquals("key".getBytes(UTF_8), record.key());
    assertNull(record.value());
    assertNull(header(record, "trace"));
    assertEquals("5", header(record, Letter.PAYLOAD_BYTES));
    assertEquals("topic=actions partition=0 offset=3", header(record, Letter.ORIGIN));
    assertTrue(topic.check().healthy());
  }

  @Test
  void aLetterThatIsTooLargeWithoutPayloadFails() {
    CompletableFuture<Void> stored = put(null);
    refuse(1);
    refuse(2);

    await().until(stored::isCompletedExceptionally);
    assertEquals(2, producer.history().size());
  }

  private CompletableFuture<Void> put(byte @Nullable [] result) {
    Undecoded message =
        new Undecoded(
            "key".getBytes(UTF_8), "value".getBytes(UTF_8), Map.of("trace", "abc"), Instant.EPOCH);
    DeadLetter letter =
        new DeadLetter(
            Reason.UNDECODABLE,
            "kafka",
            "topic=actions partition=0 offset=3",
            message,
            0,
            0,
            "is empty",
            result);
    return topic.put(Letter.whole(letter)).toCompletableFuture();
  }

  private void refuse(int record) {
    awaitSent(record);
    assertTrue(producer.errorNext(new RecordTooLargeException("too large")));
  }

  private void awaitSent(int records) {
    await().until(() -> producer.history().size() == records);
  }

  private static @Nullable String header(ProducerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), UTF_8);
  }
}
