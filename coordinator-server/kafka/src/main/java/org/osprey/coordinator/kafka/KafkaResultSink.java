package org.osprey.coordinator.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.completedStage;
import static java.util.concurrent.CompletableFuture.failedStage;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.ResultSink;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;

/**
 * Publishes what workers computed to a topic, with the action's id as the key. While the topic
 * takes nothing, results wait in a bounded queue, and what finds no place there comes again with
 * the core's backoff. Safe for use by many threads.
 */
public final class KafkaResultSink implements ResultSink, Component, Supervised {
  /** The header that says what the value is: {@code execution_result} or {@code verdicts}. */
  public static final String CONTENT = "content";

  public static final String ACTION_NAME = "action-name";

  /** What a coordinator accepts by default, so that no result is turned away. */
  private static final int PLACES = 30_000;

  private final KafkaResultSettings settings;
  private final TopicWriter writer;

  /** What of an answer is published. */
  @SuppressWarnings("ArrayRecordComponent") // opaque bytes, handed through
  private record Result(String content, byte[] bytes) {}

  public KafkaResultSink(KafkaResultSettings settings) {
    this(
        settings,
        () -> new KafkaProducer<>(ClientProperties.producer(settings.cluster(), "results")));
  }

  KafkaResultSink(KafkaResultSettings settings, Supplier<Producer<byte[], byte[]>> producers) {
    this.settings = settings;
    TopicWriter.Target target =
        new TopicWriter.Target(
            "kafka results",
            settings.resultsTopic(),
            Troubles.ofResults(settings),
            PLACES,
            settings.closeTimeout());
    writer = new TopicWriter(target, producers, Ticker.system());
  }

  @Override
  public void start() {
    writer.start();
  }

  @Override
  public boolean wants(Outcome.Acked acked) {
    return result(acked) != null;
  }

  @Override
  public CompletionStage<Void> publish(Delivery delivery, Outcome.Acked acked) {
    Result result = result(acked);
    if (result == null) {
      return completedStage(null);
    }
    // Now, because the record is made when this has returned.
    Map<String, String> trace = delivery.traceHeaders();
    return writer
        .write(() -> toRecord(delivery.action(), result, trace))
        .exceptionallyCompose(failure -> failedStage(asTooLarge(failure, result)));
  }

  @Override
  public Check check() {
    return writer.check();
  }

  @Override
  public List<SupervisedLoop> loops() {
    return writer.loops();
  }

  /** Writes what it can within {@link KafkaResultSettings#closeTimeout}. */
  @Override
  public void close() {
    writer.close();
  }

  private @Nullable Result result(Outcome.Acked acked) {
    byte[] executionResult = acked.executionResult();
    if (executionResult != null) {
      return new Result("execution_result", executionResult);
    }
    byte[] verdicts = acked.verdicts();
    return verdicts == null || !settings.includeVerdicts()
        ? null
        : new Result("verdicts", verdicts);
  }

  private ProducerRecord<byte[], byte[]> toRecord(
      Action action, Result result, Map<String, String> trace) {
    Headers headers = new RecordHeaders();
    headers.add(CONTENT, result.content().getBytes(UTF_8));
    headers.add(ACTION_NAME, action.name().getBytes(UTF_8));
    trace.forEach((name, value) -> headers.add(name, value.getBytes(UTF_8)));
    return new ProducerRecord<>(
        settings.resultsTopic(), null, action.idText().getBytes(UTF_8), result.bytes(), headers);
  }

  private Throwable asTooLarge(Throwable failure, Result result) {
    if (!(failure instanceof RecordTooLargeException)) {
      return failure;
    }
    return new ResultTooLargeException(
        "result is %d bytes, more than kafka.resultsTopic=%s takes: see the topic's"
                .formatted(result.bytes().length, settings.resultsTopic())
            + " max.message.bytes and max.request.size in kafka.properties",
        failure);
  }
}
