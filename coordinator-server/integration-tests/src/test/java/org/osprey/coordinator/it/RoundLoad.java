package org.osprey.coordinator.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.osprey.coordinator.kafka.KafkaBroker;

/**
 * Writes the records of a measured round as one transaction, so that they are all there at its
 * start.
 *
 * <p>System properties: {@code records} (20000) of a round, {@code bytes} (200) of a record's
 * value.
 */
final class RoundLoad implements AutoCloseable {
  static final int RECORDS = Integer.getInteger("records", 20_000);
  private static final int BYTES = Integer.getInteger("bytes", 200);

  private final String topic;
  private final int partitions;
  private final KafkaProducer<byte[], byte[]> producer;

  RoundLoad(KafkaBroker broker, String topic, int partitions) {
    this.topic = topic;
    this.partitions = partitions;
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", topic),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
  }

  /** Nobody sees them before {@link #commit}. */
  void write() {
    producer.beginTransaction();
    for (int id = 1; id <= RECORDS; id++) {
      byte[] key = Integer.toString(id).getBytes(UTF_8);
      byte[] value = RecordLoad.value(id, BYTES);
      Future<?> unused = producer.send(new ProducerRecord<>(topic, id % partitions, key, value));
    }
    producer.flush();
  }

  void commit() {
    producer.commitTransaction();
  }

  @Override
  public void close() {
    producer.close();
  }
}
