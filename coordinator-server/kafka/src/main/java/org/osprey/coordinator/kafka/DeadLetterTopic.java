package org.osprey.coordinator.kafka;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;

/**
 * The topic where everything goes that cannot be handled: records that are no actions, and actions
 * that were given up. One producer, owned by one thread, serves both. Safe for use by many threads.
 */
public final class DeadLetterTopic implements Component {
  private static final String COMPONENT = "kafka dead letters";
  private static final int MAX_WAITING = 1000;

  private final KafkaSettings settings;
  private final Supplier<Producer<byte[], byte[]>> producers;
  private final Troubles troubles;
  private final Outage outage = new Outage(COMPONENT);

  /** Sends block while metadata is missing or the buffer is full: never on the caller's thread. */
  private final ThreadPoolExecutor sender =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MAX_WAITING),
          Thread.ofPlatform().daemon().name("kafka-dead-letters").factory());

  /** Belongs to the sender's thread, and to the closing one when that has ended. */
  private @Nullable Producer<byte[], byte[]> producer;

  public DeadLetterTopic(KafkaSettings settings) {
    this(settings, () -> new KafkaProducer<>(ClientProperties.producer(settings)));
  }

  DeadLetterTopic(KafkaSettings settings, Supplier<Producer<byte[], byte[]>> producers) {
    this.settings = settings;
    this.producers = producers;
    troubles = Troubles.ofDeadLetters(settings);
  }

  /**
   * Never blocks. A letter that is too large for the topic goes without its payload. The stage
   * fails when too many letters wait, and when the topic does not take it in time.
   */
  CompletionStage<Void> put(Letter letter) {
    CompletableFuture<Void> stored = new CompletableFuture<>();
    enqueue(new Sending(letter, stored));
    return stored;
  }

  @Override
  public Check check() {
    String trouble = outage.trouble();
    return trouble == null
        ? Check.ok(COMPONENT, "topic=" + settings.deadLetterTopic())
        : Check.failed(COMPONENT, trouble);
  }

  /** Sends what it can within {@link KafkaSettings#closeTimeout}; the stages of the rest fail. */
  @Override
  public void close() {
    Duration third = settings.closeTimeout().dividedBy(3);
    sender.shutdown();
    if (!awaitSender(third)) {
      for (Runnable unsent : sender.shutdownNow()) {
        abandon(unsent);
      }
      awaitSender(third);
    }
    if (sender.isTerminated()) {
      discardProducer(third);
    }
  }

  private void enqueue(Sending sending) {
    try {
      sender.execute(sending);
    } catch (RejectedExecutionException e) {
      sending.stored.completeExceptionally(e);
    }
  }

  private static void abandon(Runnable unsent) {
    if (unsent instanceof Sending sending) {
      sending.stored.completeExceptionally(new RejectedExecutionException("closing"));
    }
  }

  /** One try to write one letter. */
  private final class Sending implements Runnable {
    private final Letter letter;
    private final CompletableFuture<Void> stored;

    private Sending(Letter letter, CompletableFuture<Void> stored) {
      this.letter = letter;
      this.stored = stored;
    }

    @Override
    public void run() {
      try {
        Producer<byte[], byte[]> used = currentProducer();
        Future<RecordMetadata> unused =
            used.send(
                letter.toRecord(settings.deadLetterTopic()),
                (metadata, failure) -> ended(used, failure));
      } catch (RuntimeException e) {
        ended(producer, e);
      }
    }

    /** Runs on the producer's own thread as a rule. */
    private void ended(@Nullable Producer<byte[], byte[]> used, @Nullable Exception failure) {
      if (failure == null) {
        outage.report(null);
        stored.complete(null);
        return;
      }
      if (failure instanceof RecordTooLargeException && letter.hasPayload()) {
        enqueue(new Sending(letter.withoutPayload(), stored));
        return;
      }
      outage.report(troubles.explain(failure));
      if (!(failure instanceof RetriableException)) {
        replace(used);
      }
      stored.completeExceptionally(failure);
    }
  }

  private Producer<byte[], byte[]> currentProducer() {
    if (producer == null) {
      producer = producers.get();
    }
    return producer;
  }

  /** Some failures leave an idempotent producer unusable for good. */
  private void replace(@Nullable Producer<byte[], byte[]> unusable) {
    try {
      sender.execute(
          () -> {
            if (producer != null && producer.equals(unusable)) {
              discardProducer(Duration.ZERO);
            }
          });
    } catch (RejectedExecutionException e) {
      // The queue is full of sends: the one that fails next asks again.
    }
  }

  private void discardProducer(Duration atMost) {
    if (producer != null) {
      producer.close(atMost);
      producer = null;
    }
  }

  private boolean awaitSender(Duration atMost) {
    try {
      return sender.awaitTermination(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
