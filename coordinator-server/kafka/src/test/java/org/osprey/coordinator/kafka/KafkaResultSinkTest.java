package org.osprey.coordinator.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.InMemoryTracer;
import org.osprey.coordinator.core.Lane;
import org.osprey.coordinator.core.Outcome.Acked;
import org.osprey.coordinator.core.ResultSink.ResultTooLargeException;
import org.osprey.coordinator.core.Trace;

/** What the contract suite does not ask. */
class KafkaResultSinkTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Acked VERDICTS = new Acked("verdicts".getBytes(UTF_8), null);
  private static final Acked BOTH = new Acked("verdicts".getBytes(UTF_8), "result".getBytes(UTF_8));

  private final String topic = SharedBroker.name();

  @Test
  void saysWhatTheValueIs() throws Exception {
    SharedBroker.kafka().createTopic(topic, 1);
    try (KafkaResultSink sink = start(true, Map.of())) {
      publish(sink, BOTH).get(30, TimeUnit.SECONDS);
      publish(sink, VERDICTS).get(30, TimeUnit.SECONDS);
    }

    ConsumerRecord<byte[], byte[]> result = SharedBroker.kafka().read(topic, 2).getFirst();
    assertArrayEquals("result".getBytes(UTF_8), result.value());
    assertEquals("execution_result", header(result, "content"));
    assertEquals("user_login", header(result, "action-name"));
    ConsumerRecord<byte[], byte[]> verdicts = SharedBroker.kafka().read(topic, 2).getLast();
    assertArrayEquals("verdicts".getBytes(UTF_8), verdicts.value());
    assertEquals("verdicts", header(verdicts, "content"));
  }

  @Test
  void carriesTheTraceOn() throws Exception {
    SharedBroker.kafka().createTopic(topic, 1);
    String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    Trace trace =
        new InMemoryTracer()
            .begin(action(), Lane.ASYNC, "test", 0, Map.of("traceparent", parent)::get);
    try (KafkaResultSink sink = start(true, Map.of())) {
      sink.publish(Delivery.async(action(), "test", null, outcome -> {}, trace), BOTH)
          .toCompletableFuture()
          .get(30, TimeUnit.SECONDS);
    }
    assertEquals(parent, header(SharedBroker.kafka().read(topic, 1).getFirst(), "traceparent"));
  }

  @Test
  void publishesVerdictsOnlyWhenTold() {
    KafkaResultSink sink = sink(false, Map.of());

    assertFalse(sink.wants(VERDICTS));
    assertTrue(sink.wants(BOTH));
    assertTrue(publish(sink, VERDICTS).isDone());
  }

  @Test
  void saysHowLargeATooLargeResultIsAndWhoSaysSo() {
    SharedBroker.kafka().createTopic(topic, 1);
    try (KafkaResultSink sink = start(true, Map.of("max.request.size", "5000"))) {
      CompletableFuture<Void> published = publish(sink, new Acked(null, new byte[6000]));
      ExecutionException refused =
          assertThrows(ExecutionException.class, () -> published.get(30, TimeUnit.SECONDS));

      Throwable cause = assertInstanceOf(ResultTooLargeException.class, refused.getCause());
      String message = String.valueOf(cause.getMessage());
      assertTrue(message.contains("result is 6000 bytes"), message);
      assertTrue(message.contains("kafka.resultsTopic=" + topic), message);
      assertTrue(sink.check().healthy(), sink.check()::toString);
    }
  }

  /** Far more at once than a batch of the topic may hold, so the client has to split some. */
  @Test
  void aTopicThatTakesOnlySmallBatchesTakesMany() throws Exception {
    SharedBroker.kafka().createTopic(topic, 3, Map.of("max.message.bytes", "2000"));
    try (KafkaResultSink sink = start(true, Map.of())) {
      List<CompletableFuture<Void>> published =
          IntStream.range(0, 5000).mapToObj(i -> publish(sink, BOTH)).toList();
      for (CompletableFuture<Void> each : published) {
        each.get(30, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void waitsForATopicThatIsMissing() {
    try (KafkaResultSink sink = start(true, Map.of("max.block.ms", "1000"))) {
      CompletableFuture<Void> published = publish(sink, BOTH);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertEquals(
                      "kafka.resultsTopic=%s: no such topic at kafka.bootstrapServers=%s"
                          .formatted(topic, SharedBroker.broker().bootstrapServers()),
                      sink.check().detail()));
      assertFalse(published.isDone());

      SharedBroker.kafka().createTopic(topic, 1);
      await().atMost(PATIENCE).until(published::isDone);
      assertFalse(published.isCompletedExceptionally());
      await().atMost(PATIENCE).until(() -> sink.check().healthy());
    }
  }

  @Test
  void aTopicThatGoesAwayIsSaid() throws Exception {
    SharedBroker.kafka().createTopic(topic, 1);
    Map<String, String> impatient =
        Map.of(
            "max.block.ms", "1000",
            "request.timeout.ms", "1000",
            "delivery.timeout.ms", "2000",
            "metadata.max.age.ms", "500");
    try (KafkaResultSink sink = start(true, impatient)) {
      // So impatient that it may fail on a busy machine.
      await().atMost(PATIENCE).until(() -> succeeds(sink));
      SharedBroker.kafka().deleteTopic(topic);
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                CompletableFuture<Void> unused = publish(sink, BOTH);
                return !sink.check().healthy();
              });
      assertTrue(sink.check().detail().contains("kafka.resultsTopic=" + topic), topic);

      SharedBroker.kafka().createTopic(topic, 1);
      await().atMost(PATIENCE).until(() -> succeeds(sink));
      await().atMost(PATIENCE).until(() -> sink.check().healthy());
    }
  }

  private static boolean succeeds(KafkaResultSink sink) throws InterruptedException {
    try {
      publish(sink, BOTH).get(60, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
      return false;
    }
  }

  private static CompletableFuture<Void> publish(KafkaResultSink sink, Acked acked) {
    Delivery delivery = Delivery.async(action(), "test", null, outcome -> {});
    return sink.publish(delivery, acked).toCompletableFuture();
  }

  private static Action action() {
    return new Action(
        7, "user_login", Action.Encoding.JSON, "{}".getBytes(UTF_8), null, Instant.EPOCH);
  }

  private KafkaResultSink start(boolean includeVerdicts, Map<String, String> properties) {
    KafkaResultSink sink = sink(includeVerdicts, properties);
    sink.start();
    return sink;
  }

  private KafkaResultSink sink(boolean includeVerdicts, Map<String, String> properties) {
    return new KafkaResultSink(
        new KafkaResultSettings(
            SharedBroker.broker().bootstrapServers(),
            topic,
            includeVerdicts,
            Duration.ofSeconds(3),
            properties));
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }
}
