package org.osprey.coordinator.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

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
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/** The other side of a test: fills topics and looks at what was committed and written. */
public final class TestKafka implements AutoCloseable {
  private final String bootstrapServers;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;

  public TestKafka(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
    admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "linger.ms", "5"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  public void createTopic(String topic, int partitions) {
    createTopic(topic, partitions, Map.of());
  }

  /** Returns when the topic's leaders are at work: a producer that comes too early may hang. */
  public void createTopic(String topic, int partitions, Map<String, String> configs) {
    NewTopic wanted = new NewTopic(topic, partitions, (short) 1).configs(configs);
    get(admin.createTopics(List.of(wanted)).all());
    awaitLeaders(topic, partitions);
  }

  public void deleteTopic(String topic) {
    get(admin.deleteTopics(List.of(topic)).all());
  }

  /** Forgets what lies before an offset, as retention does. */
  public void deleteRecords(String topic, int partition, long before) {
    TopicPartition id = new TopicPartition(topic, partition);
    get(admin.deleteRecords(Map.of(id, RecordsToDelete.beforeOffset(before))).all());
  }

  public void addPartitions(String topic, int total) {
    get(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(total))).all());
    awaitLeaders(topic, total);
  }

  /** Writes the ids {@code from} (included) to {@code to} (not included), spread in turn. */
  public void produceIds(String topic, int partitions, int from, int to) {
    for (int id = from; id < to; id++) {
      byte[] value = Integer.toString(id).getBytes(UTF_8);
      send(new ProducerRecord<>(topic, id % partitions, null, value));
    }
    producer.flush();
  }

  public void produce(ProducerRecord<byte[], byte[]> record) {
    send(record);
    producer.flush();
  }

  /** Writes the values to partition 0 in one transaction; returns when its marker is there. */
  public void produceInTransactions(String topic, List<String> values, boolean commit) {
    try (KafkaProducer<byte[], byte[]> transactional =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "transactional.id", topic),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      transactional.initTransactions();
      transactional.beginTransaction();
      for (String value : values) {
        Future<?> unused =
            transactional.send(new ProducerRecord<>(topic, 0, null, value.getBytes(UTF_8)));
      }
      transactional.flush();
      if (commit) {
        transactional.commitTransaction();
      } else {
        transactional.abortTransaction();
      }
    }
    awaitEnd(topic, commit ? TransactionState.COMPLETE_COMMIT : TransactionState.COMPLETE_ABORT);
  }

  /** A producer is answered before the partitions know. */
  private void awaitEnd(String transactionalId, TransactionState end) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptions()
        .until(() -> transaction(transactionalId).state() == end);
  }

  private TransactionDescription transaction(String transactionalId) {
    return get(admin.describeTransactions(List.of(transactionalId)).description(transactionalId));
  }

  /** The protocol of a group: Classic or Consumer. */
  public String groupType(String group) {
    return requireNonNull(get(admin.describeConsumerGroups(List.of(group)).all()).get(group))
        .type()
        .toString();
  }

  /** The committed offsets of a group by partition; those without a commit are left out. */
  public Map<Integer, Long> committed(String group) {
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

  /** Blocks until a topic has so many records and returns all it has then, at least those. */
  public List<ConsumerRecord<byte[], byte[]>> read(String topic, int count) {
    try (KafkaConsumer<byte[], byte[]> consumer = reader(topic)) {
      List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (found.size() < count && System.nanoTime() - end < 0) {
        consumer.poll(Duration.ofMillis(100)).forEach(found::add);
      }
      return found;
    }
  }

  /** All that is in a topic at the moment of the call. */
  public List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer = reader(topic)) {
      List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
      Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(found::add);
      }
      return found;
    }
  }

  @Override
  public void close() {
    producer.close();
    admin.close();
  }

  private void awaitLeaders(String topic, int partitions) {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (int partition = 0; partition < partitions; partition++) {
      ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
    }
    // The first answers may come from before the topic was made.
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptions()
        .until(() -> get(admin.listOffsets(ends).all()).size() == partitions);
  }

  private KafkaConsumer<byte[], byte[]> reader(String topic) {
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.assign(partitions(topic));
    return consumer;
  }

  private List<TopicPartition> partitions(String topic) {
    TopicDescription description =
        requireNonNull(get(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic));
    return description.partitions().stream()
        .map(partition -> new TopicPartition(topic, partition.partition()))
        .toList();
  }

  private void send(ProducerRecord<byte[], byte[]> record) {
    Future<?> unused =
        producer.send(
            record,
            (metadata, failure) -> {
              if (failure != null) {
                throw new IllegalStateException("test record was not written", failure);
              }
            });
  }

  private static <T> T get(KafkaFuture<T> future) {
    try {
      return future.get(30, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
