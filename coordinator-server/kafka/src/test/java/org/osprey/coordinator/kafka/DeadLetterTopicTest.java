package org.osprey.coordinator.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadLetterTopicTest {
  private final KafkaSettings settings =
      KafkaSettings.builder("host:9092", "actions", "group").build();
  private final Queue<MockProducer<byte[], byte[]>> producers = new ConcurrentLinkedQueue<>();
  private final CountDownLatch unblocked = new CountDownLatch(1);
  private final DeadLetterTopic topic = new DeadLetterTopic(settings, this::producer);

  @AfterEach
  void close() {
    unblocked.countDown();
    topic.close();
  }

  @Test
  void writesKeyValueHeadersAndNotes() {
    unblocked.countDown();
    CompletableFuture<Void> stored = topic.put(letter()).toCompletableFuture();
    MockProducer<byte[], byte[]> producer = awaitSent(1);
    assertFalse(stored.isDone());
    assertTrue(producer.completeNext());

    await().until(stored::isDone);
    ProducerRecord<byte[], byte[]> record = producer.history().getFirst();
    assertEquals("actions.dead-letters", record.topic());
    assertArrayEquals("key".getBytes(UTF_8), record.key());
    assertArrayEquals("value".getBytes(UTF_8), record.value());
    assertEquals(42, record.timestamp());
    assertEquals(Map.of("trace", "1", Letter.REASON, "NACKED"), headers(record));
    assertTrue(topic.check().healthy());
  }

  @Test
  void aLetterThatIsTooLargeGoesWithoutItsPayload() {
    unblocked.countDown();
    CompletableFuture<Void> stored = topic.put(letter()).toCompletableFuture();
    assertTrue(awaitSent(1).errorNext(new RecordTooLargeException("too large")));
    MockProducer<byte[], byte[]> producer = awaitSent(2);
    assertTrue(producer.completeNext());

    await().until(stored::isDone);
    assertFalse(stored.isCompletedExceptionally());
    ProducerRecord<byte[], byte[]> record = producer.history().get(1);
    assertNull(record.value());
    assertArrayEquals("key".getBytes(UTF_8), record.key());
    assertEquals(Map.of(Letter.REASON, "NACKED", Letter.PAYLOAD_BYTES, "5"), headers(record));
  }

  @Test
  void aLetterThatIsTooLargeWithoutPayloadFails() {
    unblocked.countDown();
    CompletableFuture<Void> stored = topic.put(letter()).toCompletableFuture();
    assertTrue(awaitSent(1).errorNext(new RecordTooLargeException("too large")));
    assertTrue(awaitSent(2).errorNext(new RecordTooLargeException("too large")));

    await().until(stored::isCompletedExceptionally);
  }

  @Test
  void afterAPassingFailureTheProducerIsKept() {
    unblocked.countDown();
    CompletableFuture<Void> stored = topic.put(letter()).toCompletableFuture();
    assertTrue(awaitSent(1).errorNext(new NotLeaderOrFollowerException("moved")));
    await().until(stored::isCompletedExceptionally);
    assertFalse(topic.check().healthy());
    assertTrue(topic.check().detail().contains("kafka.deadLetterTopic=actions.dead-letters"));

    CompletableFuture<Void> again = topic.put(letter()).toCompletableFuture();
    assertTrue(awaitSent(2).completeNext());
    await().until(again::isDone);
    assertEquals(1, producers.size());
    assertTrue(topic.check().healthy());
  }

  @Test
  void afterAFatalFailureANewProducerIsMade() {
    unblocked.countDown();
    CompletableFuture<Void> stored = topic.put(letter()).toCompletableFuture();
    assertTrue(awaitSent(1).errorNext(new InvalidProducerEpochException("fenced")));
    await().until(stored::isCompletedExceptionally);
    await().until(() -> producers.element().closed());

    CompletableFuture<Void> again = topic.put(letter()).toCompletableFuture();
    await().until(() -> producers.size() == 2);
    await().until(() -> List.copyOf(producers).get(1).completeNext());
    await().until(again::isDone);
  }

  @Test
  void failsAtOnceWhenTooManyWait() {
    List<CompletableFuture<Void>> stored = new ArrayList<>();
    for (int i = 0; i < 1002; i++) {
      stored.add(topic.put(letter()).toCompletableFuture());
    }

    // One is with the blocked sender, a thousand wait.
    assertTrue(stored.get(1001).isCompletedExceptionally());
    assertEquals(1001, stored.stream().filter(stage -> !stage.isDone()).count());
  }

  @Test
  void closingFailsWhatWasNotSent() {
    DeadLetterTopic closing =
        new DeadLetterTopic(
            KafkaSettings.builder("host:9092", "actions", "group")
                .closeTimeout(java.time.Duration.ofMillis(30))
                .build(),
            this::producer);
    CompletableFuture<Void> first = closing.put(letter()).toCompletableFuture();
    CompletableFuture<Void> second = closing.put(letter()).toCompletableFuture();
    closing.close();

    await().until(first::isCompletedExceptionally);
    assertTrue(second.isCompletedExceptionally());
    assertTrue(closing.put(letter()).toCompletableFuture().isCompletedExceptionally());
  }

  private Producer<byte[], byte[]> producer() {
    try {
      unblocked.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    MockProducer<byte[], byte[]> producer =
        new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    producers.add(producer);
    return producer;
  }

  private MockProducer<byte[], byte[]> awaitSent(int records) {
    await().until(() -> !producers.isEmpty() && producers.element().history().size() == records);
    return producers.element();
  }

  private static Letter letter() {
    return new Letter(
        "key".getBytes(UTF_8),
        () -> "value".getBytes(UTF_8),
        List.of(
            new RecordHeader("trace", "1".getBytes(UTF_8)),
            new RecordHeader(Letter.REASON, "an older one".getBytes(UTF_8))),
        Map.of(Letter.REASON, "NACKED"),
        42);
  }

  private static Map<String, String> headers(ProducerRecord<byte[], byte[]> record) {
    Map<String, String> headers = new LinkedHashMap<>();
    record
        .headers()
        .forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
    return headers;
  }
}
