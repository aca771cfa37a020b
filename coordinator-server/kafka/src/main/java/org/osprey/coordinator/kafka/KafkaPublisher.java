package org.osprey.coordinator.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.failedStage;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Submissions.RefusedException;
import org.osprey.coordinator.core.Submissions.RefusedException.Reason;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;

/**
 * Writes messages to the topic that a {@link KafkaSource} reads. Safe for use by many threads; up
 * to 10,000 messages wait.
 */
public final class KafkaPublisher implements Component, Supervised {
  private static final int PLACES = 10_000;

  private final KafkaSettings settings;
  private final Troubles troubles;
  private final TopicWriter writer;

  /**
   * @param role tells it from other clients of these settings
   */
  public KafkaPublisher(KafkaSettings settings, String role) {
    this.settings = settings;
    troubles = Troubles.ofPublisher(settings);
    TopicWriter.Target target =
        new TopicWriter.Target(
            settings.words() + ' ' + role,
            settings.topic(),
            troubles,
            PLACES,
            settings.closeTimeout());
    writer =
        new TopicWriter(
            target,
            () -> new KafkaProducer<>(ClientProperties.producer(settings.cluster(), role)),
            Ticker.system());
  }

  @Override
  public void start() {
    writer.start();
  }

  /**
   * Writes a message in UTF-8; never blocks.
   *
   * @param key messages of one key go to one partition
   * @return completes when the broker has it on all its replicas, fails with {@link
   *     RefusedException}
   */
  public CompletionStage<Void> publish(String key, String value) {
    return publish(
        () -> new ProducerRecord<>(settings.topic(), key.getBytes(UTF_8), value.getBytes(UTF_8)));
  }

  /**
   * As {@link #publish(String, String)}.
   *
   * @param record made late, so that one that waits costs little memory
   */
  CompletionStage<Void> publish(Supplier<ProducerRecord<byte[], byte[]>> record) {
    return writer.write(record).exceptionallyCompose(failure -> failedStage(refusal(failure)));
  }

  @Override
  public Check check() {
    return writer.check();
  }

  @Override
  public List<SupervisedLoop> loops() {
    return writer.loops();
  }

  /** Writes what it can within {@link KafkaSettings#closeTimeout}. */
  @Override
  public void close() {
    writer.close();
  }

  private RefusedException refusal(Throwable failure) {
    String topic = settings.section() + ".topic=" + settings.topic();
    return switch (failure) {
      case RejectedExecutionException full ->
          new RefusedException(Reason.FULL, topic + ": too much waits", full);
      case RecordTooLargeException large ->
          new RefusedException(Reason.TOO_LARGE, "more than " + topic + " takes", large);
      case InvalidRecordException invalid ->
          new RefusedException(Reason.TOO_LARGE, topic + " refuses it", invalid);
      case TimeoutException late ->
          new RefusedException(Reason.UNKNOWN, troubles.explain(late), late);
      default -> new RefusedException(Reason.UNAVAILABLE, troubles.explain(failure), failure);
    };
  }
}
