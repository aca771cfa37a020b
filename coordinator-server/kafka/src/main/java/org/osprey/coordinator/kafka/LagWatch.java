package org.osprey.coordinator.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Ticker;

/**
 * Finds out now and then how far the assigned partitions are behind: what the consumer knows to be
 * at the broker, and what was read and is unfinished. Asks no broker. Belongs to the source's loop.
 */
final class LagWatch {
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final Consumer<byte[], byte[]> consumer;
  private final Ticker ticker;
  private long lookedAt;
  private volatile @Nullable Long records;

  LagWatch(Consumer<byte[], byte[]> consumer, Ticker ticker) {
    this.consumer = consumer;
    this.ticker = ticker;
    lookedAt = ticker.nanos() - EVERY.toNanos();
  }

  void look(Collection<AssignedPartition> partitions) {
    long now = ticker.nanos();
    if (now - lookedAt >= EVERY.toNanos()) {
      lookedAt = now;
      records = count(partitions);
    }
  }

  /** As it was seen last; null while it is not known of every partition. From any thread. */
  @Nullable Long records() {
    return records;
  }

  private @Nullable Long count(Collection<AssignedPartition> partitions) {
    long sum = 0;
    for (AssignedPartition partition : partitions) {
      OptionalLong unread = consumer.currentLag(partition.id());
      if (unread.isEmpty()) {
        return null;
      }
      sum += unread.getAsLong() + partition.unfinished();
    }
    return sum;
  }
}
