package org.osprey.coordinator.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Ticker;

/**
 * Looks into the dead-letter topic with a consumer of its own that is no member of any group. What
 * comes after a walk was made is not in it. For one thread.
 */
final class LetterReader implements AutoCloseable {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final String topic;
  private final Ticker ticker;
  private final Consumer<byte[], byte[]> consumer;

  LetterReader(KafkaSettings settings, Ticker ticker) {
    topic = settings.deadLetterTopic();
    this.ticker = ticker;
    consumer =
        new KafkaConsumer<>(
            ClientProperties.reader(settings.cluster(), DeadLetterTopic.ROLE + "-reader"));
  }

  /**
   * One walk for each partition, in their order; none when there is no such topic.
   *
   * @param after null for all
   */
  List<PartitionWalk> walks(@Nullable LetterId after) {
    List<TopicPartition> ids = partitions();
    Map<TopicPartition, Long> ends = consumer.endOffsets(ids);
    Map<TopicPartition, Long> starts = consumer.beginningOffsets(ids);
    List<PartitionWalk> walks = new ArrayList<>();
    for (TopicPartition id : ids) {
      if (after != null && id.partition() < after.partition()) {
        continue;
      }
      long start = starts.getOrDefault(id, 0L);
      if (after != null && id.partition() == after.partition()) {
        start = Math.max(start, after.offset() + 1);
      }
      walks.add(new PartitionWalk(consumer, id, start, ends.getOrDefault(id, 0L), ticker));
    }
    return walks;
  }

  /** A walk of one record at most, or null when the topic has no such partition. */
  @Nullable PartitionWalk walkTo(LetterId letter) {
    TopicPartition id = new TopicPartition(topic, letter.partition());
    if (!partitions().contains(id)) {
      return null;
    }
    List<TopicPartition> ids = List.of(id);
    long start = consumer.beginningOffsets(ids).getOrDefault(id, 0L);
    long end = Math.min(consumer.endOffsets(ids).getOrDefault(id, 0L), letter.offset() + 1);
    return new PartitionWalk(consumer, id, Math.max(start, letter.offset()), end, ticker);
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
  }

  private List<TopicPartition> partitions() {
    List<PartitionInfo> found = consumer.partitionsFor(topic);
    return found == null
        ? List.of()
        : found.stream()
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .sorted((left, right) -> Integer.compare(left.partition(), right.partition()))
            .toList();
  }
}
