package org.osprey.coordinator.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.InFlight;
import org.osprey.coordinator.core.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the broker how far each partition is finished. A commit that fails is counted; what it was
 * to say is said by the next one. Belongs to the source's loop and to one consumer.
 */
final class Committer {
  private static final Logger log = LoggerFactory.getLogger(Committer.class);

  /** After so many failures in a row it is more than a rebalance that got in between. */
  private static final int TROUBLING_FAILURES = 3;

  /** Longer than any request of the client, so only a lost answer takes that long. */
  private static final Duration ANSWER_LOST = Duration.ofSeconds(60);

  private final Consumer<byte[], byte[]> consumer;
  private final Duration interval;
  private final int batch;
  private final InFlight inFlight;
  private final SourceCounts counts;
  private final Ticker ticker;

  private long lastAt;
  private long lastFinished;
  private boolean running;
  private final AtomicInteger failuresInARow = new AtomicInteger();

  Committer(
      Consumer<byte[], byte[]> consumer,
      KafkaSettings settings,
      InFlight inFlight,
      SourceCounts counts,
      Ticker ticker) {
    this.consumer = consumer;
    interval = settings.commitInterval();
    batch = settings.commitBatch();
    this.inFlight = inFlight;
    this.counts = counts;
    this.ticker = ticker;
    lastAt = ticker.nanos();
    lastFinished = inFlight.finished();
  }

  /** Begins a commit when there is something to say and it is time to; does not wait. */
  void commitIfDue(Collection<AssignedPartition> partitions) {
    if (!isDue()) {
      return;
    }
    lastAt = ticker.nanos();
    lastFinished = inFlight.finished();
    Positions positions = Positions.of(partitions);
    if (positions.isEmpty()) {
      return;
    }
    running = true;
    try {
      consumer.commitAsync(positions.offsets(), (offsets, failure) -> ended(positions, failure));
    } catch (RuntimeException e) {
      ended(positions, e);
    }
  }

  /** Commits and waits for the answer; never throws. */
  void commitNow(Collection<AssignedPartition> partitions, Duration atMost) {
    Positions positions = Positions.of(partitions);
    if (positions.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(positions.offsets(), atMost);
      ended(positions, null);
    } catch (RuntimeException e) {
      ended(positions, e);
    }
  }

  boolean inTrouble() {
    return failuresInARow.get() >= TROUBLING_FAILURES;
  }

  private boolean isDue() {
    long since = ticker.nanos() - lastAt;
    if (running) {
      return since >= ANSWER_LOST.toNanos();
    }
    return since >= interval.toNanos() || inFlight.finished() - lastFinished >= batch;
  }

  private void ended(Positions positions, @Nullable Exception failure) {
    running = false;
    if (failure == null) {
      positions.remember();
      counts.commits.incrementAndGet();
      failuresInARow.set(0);
      return;
    }
    counts.commitFailures.incrementAndGet();
    if (failuresInARow.getAndIncrement() == 0) {
      log.warn(
          "commit failed, the next one will make up for it: partitions={} cause=\"{}\"",
          positions.offsets().keySet(),
          failure.toString());
    }
  }

  /** What one commit says. */
  private static final class Positions {
    private final Map<AssignedPartition, OffsetWindow.Position> positions = new HashMap<>();

    private static Positions of(Collection<AssignedPartition> partitions) {
      Positions news = new Positions();
      for (AssignedPartition partition : partitions) {
        OffsetWindow.Position position = partition.uncommitted();
        if (position != null) {
          news.positions.put(partition, position);
        }
      }
      return news;
    }

    private boolean isEmpty() {
      return positions.isEmpty();
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets() {
      Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
      positions.forEach(
          (partition, position) ->
              offsets.put(partition.id(), new OffsetAndMetadata(position.offset())));
      return offsets;
    }

    private void remember() {
      positions.forEach(AssignedPartition::setCommitted);
    }
  }
}
