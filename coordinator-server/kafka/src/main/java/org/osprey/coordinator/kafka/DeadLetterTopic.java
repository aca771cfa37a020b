package org.osprey.coordinator.kafka;

import static java.util.concurrent.CompletableFuture.failedStage;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;

/**
 * The way into the topic where everything goes that cannot be handled: records that are no actions,
 * and actions that were given up. Safe for use by many threads.
 */
public final class DeadLetterTopic implements Component, Supervised {
  static final String ROLE = "dead-letters";

  private static final int PLACES = 1000;

  private final KafkaSettings settings;
  private final TopicWriter writer;

  public DeadLetterTopic(KafkaSettings settings) {
    this(settings, () -> new KafkaProducer<>(ClientProperties.producer(settings.cluster(), ROLE)));
  }

  DeadLetterTopic(KafkaSettings settings, Supplier<Producer<byte[], byte[]>> producers) {
    this.settings = settings;
    TopicWriter.Target target =
        new TopicWriter.Target(
            "kafka dead letters",
            settings.deadLetterTopic(),
            Troubles.ofDeadLetters(settings),
            PLACES,
            settings.closeTimeout());
    writer = new TopicWriter(target, producers, Ticker.system());
  }

  @Override
  public void start() {
    writer.start();
  }

  /**
   * Never blocks. A letter that is too large for the topic goes without its result, and if it has
   * to, without its payload. The stage fails when too many letters wait, and when the topic does
   * not take it in time.
   */
  CompletionStage<Void> put(Letter letter) {
    return writer
        .write(() -> letter.toRecord(settings.deadLetterTopic()))
        .exceptionallyCompose(failure -> putSmaller(letter, failure));
  }

  KafkaSettings settings() {
    return settings;
  }

  @Override
  public Check check() {
    return writer.check();
  }

  @Override
  public List<SupervisedLoop> loops() {
    return writer.loops();
  }

  /** Sends what it can within {@link KafkaSettings#closeTimeout}; the stages of the rest fail. */
  @Override
  public void close() {
    writer.close();
  }

  private CompletionStage<Void> putSmaller(Letter letter, Throwable failure) {
    Letter smaller = failure instanceof RecordTooLargeException ? letter.smaller() : null;
    return smaller == null ? failedStage(failure) : put(smaller);
  }
}
