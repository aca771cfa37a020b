package org.osprey.coordinator.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.codec.ActionDecoder;
import org.osprey.coordinator.codec.ActionNumbers;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.CountingIds;
import org.osprey.coordinator.core.Submissions.RefusedException;
import org.osprey.coordinator.core.Submissions.RefusedException.Reason;

class KafkaSubmissionsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final ActionDecoder DECODER =
      new ActionDecoder(new CountingIds(), ActionNumbers.BUILT_IN);

  private final String topic = SharedBroker.name();

  @Test
  void theSourceReadsWhatWasSubmitted() throws Exception {
    SharedBroker.kafka().createTopic(topic, 1);
    Instant happenedAt = Instant.parse("2001-02-03T04:05:06.789012345Z");
    Action sent =
        new Action(
            -1,
            "ü\"",
            Action.Encoding.JSON,
            "{ \"a\":1.0 }".getBytes(UTF_8),
            "{\"s\":1}".getBytes(UTF_8),
            happenedAt,
            Instant.parse("2030-01-01T00:00:00Z"));
    byte[] message = {9, 5, 0, 0, 0, 0, 0, 0, 0, 66, 0};
    try (KafkaSubmissions submissions = start(Map.of())) {
      submit(submissions, sent).get(30, TimeUnit.SECONDS);
      submit(
              submissions,
              new Action(5, "x", Action.Encoding.PROTO, message, null, Instant.EPOCH, null))
          .get(30, TimeUnit.SECONDS);
      assertTrue(submissions.check().healthy(), submissions.check()::toString);
    }
    ConsumerRecord<byte[], byte[]> record = SharedBroker.kafka().read(topic, 2).getFirst();
    assertNull(record.key());
    Action got = decode(record);
    assertEquals(sent.idText(), got.idText());
    assertEquals(sent.name(), got.name());
    assertArrayEquals(sent.payload(), got.payload());
    assertArrayEquals(sent.secret(), got.secret());
    assertEquals(happenedAt, got.timestamp());
    assertEquals(sent.notBefore(), got.notBefore());
    Action proto = decode(SharedBroker.kafka().read(topic, 2).getLast());
    assertEquals("user_blocked", proto.name());
    assertArrayEquals(message, proto.payload());
  }

  @Test
  void whatIsTooLargeIsRefusedByTheTopicsName() {
    SharedBroker.kafka().createTopic(topic, 1);
    try (KafkaSubmissions submissions = start(Map.of("max.request.size", "5000"))) {
      RefusedException refused = refusal(submit(submissions, action(6000)));
      assertEquals(Reason.TOO_LARGE, refused.reason());
      assertTrue(String.valueOf(refused.getMessage()).contains("kafka.topic=" + topic));
      assertTrue(submissions.check().healthy(), submissions.check()::toString);
    }
  }

  @Test
  void aTopicThatIsMissingIsSaid() {
    try (KafkaSubmissions submissions = start(Map.of("max.block.ms", "1000"))) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertEquals(
                      "kafka.topic=%s: no such topic at kafka.bootstrapServers=%s"
                          .formatted(topic, SharedBroker.broker().bootstrapServers()),
                      submissions.check().detail()));
    }
  }

  @Test
  void whatWaitsAtTheCloseIsRefused() {
    KafkaSubmissions submissions = start(Map.of("max.block.ms", "1000"));
    CompletableFuture<Void> waiting = submit(submissions, action(10));
    submissions.close();
    assertInstanceOf(RefusedException.class, refusal(waiting));
  }

  private static Action decode(ConsumerRecord<byte[], byte[]> record) throws Exception {
    return DECODER.decode(record.value(), name -> header(record, name), Instant.now());
  }

  private static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), UTF_8);
  }

  private static Action action(int size) {
    String data = "{\"a\":\"%s\"}".formatted("x".repeat(size));
    return new Action(
        7, "a", Action.Encoding.JSON, data.getBytes(UTF_8), null, Instant.EPOCH, null);
  }

  private static CompletableFuture<Void> submit(KafkaSubmissions submissions, Action action) {
    return submissions.submit(action).toCompletableFuture();
  }

  private static RefusedException refusal(CompletableFuture<Void> submitted) {
    ExecutionException failure =
        assertThrows(ExecutionException.class, () -> submitted.get(30, TimeUnit.SECONDS));
    return assertInstanceOf(RefusedException.class, failure.getCause());
  }

  private KafkaSubmissions start(Map<String, String> properties) {
    KafkaSubmissions submissions =
        new KafkaSubmissions(
            KafkaSettings.builder(SharedBroker.broker().bootstrapServers(), topic, "nobody")
                .closeTimeout(Duration.ofSeconds(3))
                .properties(properties)
                .build());
    submissions.start();
    return submissions;
  }
}
