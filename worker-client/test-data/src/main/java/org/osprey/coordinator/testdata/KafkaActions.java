package org.osprey.coordinator.testdata;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes actions to a topic; the client itself waits for brokers and tries again. */
final class KafkaActions implements Destination {
  static final String WRITTEN = "written";
  static final String FAILED = "failed";

  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

  private final KafkaTopic topic;
  private final Tally tally;
  private final KafkaProducer<byte[], byte[]> producer;

  KafkaActions(KafkaTopic topic, Tally tally) {
    this.topic = topic;
    this.tally = tally;
    producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                topic.bootstrapServers(),
                ProducerConfig.CLIENT_ID_CONFIG,
                "osprey-test-data",
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                "5000",
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                "10000",
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                "30000",
                ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                "1000"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  @Override
  public void send(SampleActions.SampleAction action) {
    Future<?> unused =
        producer.send(
            new ProducerRecord<>(topic.name(), action.published().getBytes(UTF_8)),
            (metadata, failure) -> tally.count(failure == null ? WRITTEN : FAILED));
  }

  /** Its waits are short enough. */
  @Override
  public void interrupt() {}

  @Override
  public void close() {
    producer.close(LONGEST_CLOSE);
  }
}
