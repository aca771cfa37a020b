package org.osprey.coordinator.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions one consumer has now. Changed only by the source's loop, within a poll; any thread
 * may look.
 */
final class Assignment implements ConsumerRebalanceListener {
  private static final Logger log = LoggerFactory.getLogger(Assignment.class);
  private static final Duration REVOKE_COMMIT_TIMEOUT = Duration.ofSeconds(5);

  private final Supplier<OffsetWindow> windows;
  private final Committer committer;
  private final Map<TopicPartition, AssignedPartition> partitions = new ConcurrentHashMap<>();

  Assignment(Supplier<OffsetWindow> windows, Committer committer) {
    this.windows = windows;
    this.committer = committer;
  }

  Collection<AssignedPartition> all() {
    return partitions.values();
  }

  void add(ConsumerRecords<byte[], byte[]> records) {
    Map<TopicPartition, OffsetAndMetadata> next = records.nextOffsets();
    next.forEach((id, position) -> partition(id).add(records.records(id), position.offset()));
    for (TopicPartition id : records.partitions()) {
      if (!next.containsKey(id)) {
        List<ConsumerRecord<byte[], byte[]>> found = records.records(id);
        partition(id).add(found, found.getLast().offset() + 1);
      }
    }
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
    if (assigned.isEmpty()) {
      return;
    }
    drop(assigned);
    assigned.forEach(id -> partitions.put(id, new AssignedPartition(id, windows.get())));
    log.info("partitions assigned: {}", assigned);
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
    List<AssignedPartition> ours = new ArrayList<>();
    for (TopicPartition id : revoked) {
      AssignedPartition partition = partitions.get(id);
      if (partition != null) {
        ours.add(partition);
      }
    }
    committer.commitNow(ours, REVOKE_COMMIT_TIMEOUT);
    drop(revoked);
    if (!ours.isEmpty()) {
      log.info("partitions revoked: {}", revoked);
    }
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> lost) {
    drop(lost);
    if (!lost.isEmpty()) {
      log.warn("partitions lost, unfinished records will be read again elsewhere: {}", lost);
    }
  }

  /** Ends all epochs without a commit. */
  void dropAll() {
    drop(List.copyOf(partitions.keySet()));
  }

  private void drop(Collection<TopicPartition> ids) {
    for (TopicPartition id : ids) {
      AssignedPartition partition = partitions.remove(id);
      if (partition != null) {
        partition.close();
      }
    }
  }

  private AssignedPartition partition(TopicPartition id) {
    AssignedPartition partition = partitions.get(id);
    if (partition == null) {
      throw new IllegalStateException("records of a partition that is not assigned: " + id);
    }
    return partition;
  }
}
