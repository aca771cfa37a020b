package org.osprey.coordinator.kafka;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Ticker;

/**
 * The records of one partition between two offsets. Walks that share a consumer go one after the
 * other, each to its end. For one thread.
 */
final class PartitionWalk {
  private static final Duration LONGEST_POLL = Duration.ofMillis(200);
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

  private final Consumer<byte[], byte[]> consumer;
  private final TopicPartition id;
  private final long start;
  private final long end;
  private final Ticker ticker;
  private final Queue<ConsumerRecord<byte[], byte[]>> fetched = new ArrayDeque<>();
  private boolean begun;

  /**
   * @param end the offset after the last one
   */
  PartitionWalk(
      Consumer<byte[], byte[]> consumer, TopicPartition id, long start, long end, Ticker ticker) {
    this.consumer = consumer;
    this.id = id;
    this.start = start;
    this.end = end;
    this.ticker = ticker;
  }

  TopicPartition id() {
    return id;
  }

  /**
   * @return null at the end
   * @throws TimeoutException when the broker falls silent
   */
  @Nullable ConsumerRecord<byte[], byte[]> next() {
    if (!begun) {
      begun = true;
      consumer.assign(List.of(id));
      consumer.seek(id, start);
    }
    if (fetched.isEmpty()) {
      fetch();
    }
    ConsumerRecord<byte[], byte[]> next = fetched.poll();
    return next == null || next.offset() >= end ? null : next;
  }

  private void fetch() {
    long position = consumer.position(id);
    long progressAt = ticker.nanos();
    while (fetched.isEmpty() && position < end) {
      consumer.poll(LONGEST_POLL).forEach(fetched::add);
      long before = position;
      position = consumer.position(id);
      if (position != before) {
        progressAt = ticker.nanos();
      } else if (ticker.nanos() - progressAt >= LONGEST_SILENCE.toNanos()) {
        throw new TimeoutException("no records of " + id);
      }
    }
  }
}
