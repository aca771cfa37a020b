package org.osprey.coordinator.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.failedStage;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.osprey.coordinator.codec.ActionEncoder;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Submissions;
import org.osprey.coordinator.core.Submissions.RefusedException.Reason;
import org.osprey.coordinator.core.Ticker;

/**
 * Writes actions to the topic that {@link KafkaSource} reads. They have no key, so they go to any
 * partition and wait for no other. Safe for use by many threads.
 */
public final class KafkaSubmissions implements Submissions, Component {
  static final String NOT_BEFORE = "not-before";
  static final String ENCODING = "encoding";

  private static final int PLACES = 10_000;

  private final KafkaSettings settings;
  private final Troubles troubles;
  private final TopicWriter writer;

  public KafkaSubmissions(KafkaSettings settings) {
    this(
        settings,
        () -> new KafkaProducer<>(ClientProperties.producer(settings.cluster(), "submissions")));
  }

  KafkaSubmissions(KafkaSettings settings, Supplier<Producer<byte[], byte[]>> producers) {
    this.settings = settings;
    troubles = Troubles.ofSubmissions(settings);
    TopicWriter.Target target =
        new TopicWriter.Target(
            "kafka submissions", settings.topic(), troubles, PLACES, settings.closeTimeout());
    writer = new TopicWriter(target, producers, Ticker.system());
  }

  @Override
  public void start() {
    writer.start();
  }

  @Override
  public CompletionStage<Void> submit(Action action) {
    return writer
        .write(() -> toRecord(action))
        .exceptionallyCompose(failure -> failedStage(refusal(failure)));
  }

  @Override
  public Check check() {
    return writer.check();
  }

  /** Writes what it can within {@link KafkaSettings#closeTimeout}. */
  @Override
  public void close() {
    writer.close();
  }

  /** The time of the record is when it is written: topics may refuse what is far from that. */
  private ProducerRecord<byte[], byte[]> toRecord(Action action) {
    byte[] value = ActionEncoder.encodeWithTime(action);
    return new ProducerRecord<>(settings.topic(), null, (byte[]) null, value, headers(action));
  }

  private static List<Header> headers(Action action) {
    Instant notBefore = action.notBefore();
    return switch (action.encoding()) {
      case JSON -> notBefore == null ? List.of() : List.of(header(NOT_BEFORE, notBefore));
      case PROTO ->
          notBefore == null
              ? List.of(header(ENCODING, "proto"))
              : List.of(header(ENCODING, "proto"), header(NOT_BEFORE, notBefore));
    };
  }

  private static Header header(String name, Object value) {
    return new RecordHeader(name, value.toString().getBytes(UTF_8));
  }

  private RefusedException refusal(Throwable failure) {
    return switch (failure) {
      case RejectedExecutionException full ->
          new RefusedException(
              Reason.FULL, "kafka.topic=%s: too much waits".formatted(settings.topic()), full);
      case RecordTooLargeException large ->
          new RefusedException(
              Reason.TOO_LARGE,
              "more than kafka.topic=%s takes".formatted(settings.topic()),
              large);
      case InvalidRecordException invalid ->
          new RefusedException(
              Reason.TOO_LARGE, "kafka.topic=%s refuses it".formatted(settings.topic()), invalid);
      case TimeoutException late ->
          new RefusedException(Reason.UNKNOWN, troubles.explain(late), late);
      default -> new RefusedException(Reason.UNAVAILABLE, troubles.explain(failure), failure);
    };
  }
}
