package org.osprey.coordinator.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.kafka.KafkaBroker;

/** The far side of a broker: fills topics, and sees what was committed and written. */
final class KafkaTopics implements AutoCloseable {
  private final String bootstrapServers;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;

  KafkaTopics(KafkaBroker broker) {
    bootstrapServers = broker.bootstrapServers();
    admin =
        Admin.create(
            Map.of(
                "bootstrap.servers", bootstrapServers,
                "request.timeout.ms", "3000",
                "default.api.timeout.ms", "6000"));
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "linger.ms", "5"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** With a topic for its dead letters beside it. Returns when the leaders are at work. */
  void create(String topic, int partitions) {
    get(
        admin
            .createTopics(
                List.of(
                    new NewTopic(topic, partitions, (short) 1),
                    new NewTopic(deadLetters(topic), 1, (short) 1)))
            .all());
    Map<TopicPartition, OffsetSpec> all = new HashMap<>();
    for (int partition = 0; partition < partitions; partition++) {
      all.put(new TopicPartition(topic, partition), OffsetSpec.latest());
    }
    // A producer whose first batch is refused and whose second is taken goes out of order for good.
    await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptions()
        .until(() -> get(admin.listOffsets(all).all()).size() == partitions);
  }

  static String deadLetters(String topic) {
    return topic + ".dead-letters";
  }

  /** Writes a record; the ledger hears of it when the broker has it. */
  void send(String topic, int partition, String key, byte @Nullable [] value, RecordLedger ledger) {
    Future<?> unused =
        producer.send(
            new ProducerRecord<>(topic, partition, key.getBytes(UTF_8), value),
            (metadata, failure) -> {
              if (failure == null) {
                ledger.accepted(key, metadata.partition(), metadata.offset());
              }
            });
  }

  /** Returns when the broker has answered for all that was sent. */
  void flush() {
    producer.flush();
  }

  /** The committed offset of each partition that has one. */
  Map<Integer, Long> committed(String group) {
    Map<Integer, Long> offsets = new HashMap<>();
    get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
        .forEach(
            (id, offset) -> {
              if (offset != null) {
                offsets.put(id.partition(), offset.offset());
              }
            });
    return offsets;
  }

  /** How many partitions each member of a group has. */
  List<Integer> shares(String group) {
    try {
      return requireNonNull(get(admin.describeConsumerGroups(List.of(group)).all()).get(group))
          .members()
          .stream()
          .map(member -> member.assignment().topicPartitions().size())
          .toList();
    } catch (IllegalStateException e) {
      // There is no group before its first member.
      return List.of();
    }
  }

  /** How many records were written to a topic that nobody writes to in transactions. */
  long count(String topic, int partitions) {
    Map<TopicPartition, OffsetSpec> all = new HashMap<>();
    for (int partition = 0; partition < partitions; partition++) {
      all.put(new TopicPartition(topic, partition), OffsetSpec.latest());
    }
    return get(admin.listOffsets(all).all()).values().stream()
        .mapToLong(ListOffsetsResultInfo::offset)
        .sum();
  }

  /** All that is in a topic at the moment of the call. */
  List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream().map(KafkaTopics::id).toList();
      consumer.assign(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
      while (partitions.stream()
          .anyMatch(id -> consumer.position(id) < ends.getOrDefault(id, 0L))) {
        consumer.poll(Duration.ofMillis(100)).forEach(found::add);
      }
      return found;
    }
  }

  /** Tells the ledger of every dead letter of a topic. */
  void readDeadLetters(String topic, RecordLedger ledger) {
    for (ConsumerRecord<byte[], byte[]> letter : read(deadLetters(topic))) {
      ledger.deadLettered(new String(letter.key(), UTF_8), header(letter, "dead-letter-reason"));
    }
  }

  static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
    admin.close(Duration.ofSeconds(5));
  }

  private static TopicPartition id(PartitionInfo partition) {
    return new TopicPartition(partition.topic(), partition.partition());
  }

  private static <T> T get(KafkaFuture<T> future) {
    try {
      return future.get(60, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
