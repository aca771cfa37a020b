package org.osprey.coordinator.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Kafka's own mock, with commits that fail on demand and are written down. */
final class ScriptedConsumer extends MockConsumer<byte[], byte[]> {
  private final Queue<RuntimeException> failing = new ConcurrentLinkedQueue<>();
  private final Queue<RuntimeException> throwing = new ConcurrentLinkedQueue<>();
  private final List<Map<TopicPartition, OffsetAndMetadata>> commits = new CopyOnWriteArrayList<>();
  private volatile boolean holdingAsync;

  ScriptedConsumer(Map<TopicPartition, Long> beginnings) {
    super("earliest");
    updateBeginningOffsets(beginnings);
  }

  void assign(TopicPartition... ids) {
    schedulePollTask(() -> rebalance(List.of(ids)));
  }

  void lose(TopicPartition... ids) {
    schedulePollTask(() -> losePartitions(Set.of(ids)));
  }

  void add(TopicPartition id, int from, int to) {
    schedulePollTask(() -> KafkaSourceLoopTest.records(id, from, to).forEach(this::addRecord));
  }

  void addValue(TopicPartition id, long offset, String value) {
    schedulePollTask(() -> addRecord(KafkaSourceLoopTest.record(id, offset, value)));
  }

  /** The next commit's callback gets this. */
  void failCommit(RuntimeException failure) {
    failing.add(failure);
  }

  /** The next commit throws this. */
  void throwInCommit(RuntimeException failure) {
    throwing.add(failure);
  }

  /** From now on asynchronous commits are never answered. */
  void holdAsyncCommits() {
    holdingAsync = true;
  }

  /** Offsets that were committed, in order. */
  List<Long> commitsFor(TopicPartition id) {
    return commits.stream()
        .map(offsets -> offsets.get(id))
        .filter(offset -> offset != null)
        .map(OffsetAndMetadata::offset)
        .toList();
  }

  /** -1 for none. */
  long committedOffset(TopicPartition id) {
    List<Long> all = commitsFor(id);
    return all.isEmpty() ? -1 : all.getLast();
  }

  /** The mock answers at once whatever the timeout; a real one would wait, without a lock. */
  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
    if (records.isEmpty()) {
      LockSupport.parkNanos(this, 1_000_000);
    }
    return records;
  }

  @Override
  public synchronized void commitAsync(
      Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable OffsetCommitCallback callback) {
    if (holdingAsync) {
      return;
    }
    RuntimeException thrown = throwing.poll();
    if (thrown != null) {
      throw thrown;
    }
    RuntimeException failure = failing.poll();
    if (failure == null) {
      commits.add(Map.copyOf(offsets));
    }
    if (callback != null) {
      callback.onComplete(offsets, failure);
    }
  }

  @Override
  public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
    commits.add(Map.copyOf(offsets));
  }
}
