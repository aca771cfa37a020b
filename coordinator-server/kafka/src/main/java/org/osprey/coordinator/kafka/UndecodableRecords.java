package org.osprey.coordinator.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.DeadLetter.Undecoded;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends records that are no actions to the dead letters, again and again until they are stored.
 * Each counts as in flight meanwhile, so the room of the process bounds them.
 */
final class UndecodableRecords {
  private static final Logger log = LoggerFactory.getLogger(UndecodableRecords.class);
  private static final String SOURCE = "kafka";
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(500);
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);
  private static final Duration LOG_EVERY = Duration.ofSeconds(1);

  private final DeadLetters deadLetters;
  private final Ticker ticker;
  private final DelayQueue<Undecodable> failed = new DelayQueue<>();
  private long loggedAt;
  private long unlogged;

  UndecodableRecords(DeadLetters deadLetters, Ticker ticker) {
    this.deadLetters = deadLetters;
    this.ticker = ticker;
    loggedAt = ticker.nanos() - LOG_EVERY.toNanos();
  }

  /**
   * @param detail what is wrong with it, without its contents
   */
  void put(ConsumerRecord<byte[], byte[]> record, String detail, UnfinishedRecord unfinished) {
    logSometimes(record, detail);
    new Undecodable(letter(record, detail, unfinished), unfinished).send();
  }

  /** Sends once more what failed and has waited long enough. */
  void retryDue() {
    for (Undecodable next = failed.poll(); next != null; next = failed.poll()) {
      next.retry();
    }
  }

  private static DeadLetter letter(
      ConsumerRecord<byte[], byte[]> record, String detail, UnfinishedRecord unfinished) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Header header : record.headers()) {
      byte[] value = header.value();
      headers.put(header.key(), value == null ? "" : new String(value, UTF_8));
    }
    byte[] data = record.value();
    Undecoded content =
        new Undecoded(
            record.key(),
            data == null ? new byte[0] : data,
            headers,
            Instant.ofEpochMilli(Math.max(0, record.timestamp())));
    return DeadLetter.undecodable(SOURCE, unfinished.origin(), content, detail);
  }

  /** A producer that has lost its mind must not fill the log. */
  private void logSometimes(ConsumerRecord<byte[], byte[]> record, String detail) {
    long now = ticker.nanos();
    if (now - loggedAt < LOG_EVERY.toNanos()) {
      unlogged++;
      return;
    }
    log.warn(
        "record is no action and becomes a dead letter: topic={} partition={} offset={}"
            + " detail=\"{}\" unlogged={}",
        record.topic(),
        record.partition(),
        record.offset(),
        detail,
        unlogged);
    loggedAt = now;
    unlogged = 0;
  }

  /** One of them. It is sent, or waits for its next try, never both. */
  private final class Undecodable implements Delayed {
    private final DeadLetter letter;
    private final UnfinishedRecord unfinished;
    private Duration backoff = FIRST_BACKOFF;
    private long due;

    private Undecodable(DeadLetter letter, UnfinishedRecord unfinished) {
      this.letter = letter;
      this.unfinished = unfinished;
    }

    private void send() {
      stored()
          .whenComplete(
              (nothing, failure) -> {
                if (failure == null) {
                  unfinished.finish();
                } else {
                  waitForRetry();
                }
              });
    }

    private CompletionStage<Void> stored() {
      try {
        return deadLetters.put(letter);
      } catch (RuntimeException e) {
        // As good as a stage that fails: its room must come back in any case.
        return CompletableFuture.failedStage(e);
      }
    }

    private void waitForRetry() {
      due = ticker.nanos() + backoff.toNanos();
      Duration twice = backoff.multipliedBy(2);
      backoff = twice.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : twice;
      failed.add(this);
    }

    private void retry() {
      if (unfinished.isForeign()) {
        unfinished.letGo();
        return;
      }
      send();
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(due - ticker.nanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }
}
