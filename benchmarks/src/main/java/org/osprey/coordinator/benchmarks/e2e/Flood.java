package org.osprey.coordinator.benchmarks.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Fills a topic with actions. */
final class Flood implements AutoCloseable {
  private static final int PARTITIONS = 3;
  private static final String DATA =
      "{\"user_id\":\"user_123\",\"text\":\"%s\"}".formatted("x".repeat(164));

  private final Map<String, Object> connection;
  private final String topic;
  private final KafkaProducer<byte[], byte[]> producer;

  Flood(String bootstrapServers, String topic) {
    this.topic = topic;
    connection = Map.of("bootstrap.servers", bootstrapServers);
    producer =
        new KafkaProducer<>(connection, new ByteArraySerializer(), new ByteArraySerializer());
  }

  void createTopic() throws InterruptedException {
    try (Admin admin = Admin.create(connection)) {
      admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1))).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("topic " + topic + " can't be made", e.getCause());
    }
  }

  /** Returns when all are in the topic. */
  void send(int actions) {
    for (int id = 1; id <= actions; id++) {
      String action = "{\"id\":\"%d\",\"name\":\"user_login\",\"data\":%s}".formatted(id, DATA);
      var unused = producer.send(new ProducerRecord<>(topic, action.getBytes(UTF_8)));
    }
    producer.flush();
  }

  @Override
  public void close() {
    producer.close();
  }
}
