package org.osprey.coordinator.testdata;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The input topic. */
record KafkaTopic(String bootstrapServers, String name) implements Destination.Settings {
  private static final Logger log = LoggerFactory.getLogger(KafkaTopic.class);
  private static final int PATIENCE_SECONDS = 60;

  static KafkaTopic read(Variables variables) {
    return new KafkaTopic(
        variables.text("OSPREY_KAFKA_BOOTSTRAP_SERVERS", "kafka:29092"),
        variables.text("OSPREY_KAFKA_INPUT_STREAM_TOPIC", "osprey.actions_input"));
  }

  /** Of a topic that is made. */
  static int partitions(Variables variables) {
    return variables.whole("TEST_DATA_PARTITIONS", 3, 1, 10_000);
  }

  @Override
  public String words() {
    return "kafka %s topic=%s".formatted(bootstrapServers, name);
  }

  @Override
  public Destination open(Tally tally) {
    return new KafkaActions(this, tally);
  }

  /** Waits for a broker for a minute. A topic that exists is left as it is. */
  void make(int partitions) throws ProgramFailedException, InterruptedException {
    String patience = Integer.toString(PATIENCE_SECONDS * 1000);
    try (Admin admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                "1000",
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                patience))) {
      NewTopic wanted = new NewTopic(name, partitions, (short) 1);
      admin.createTopics(List.of(wanted)).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      log.info("made the topic: {} partitions={}", words(), partitions);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw failed(e);
      }
      log.info("the topic is there: {}", words());
    } catch (TimeoutException e) {
      throw failed(e);
    }
  }

  private ProgramFailedException failed(Exception e) {
    Throwable reason = e.getCause() == null ? e : e.getCause();
    return new ProgramFailedException(
        "cannot make the topic: %s: %s".formatted(words(), reason.getMessage()), e);
  }
}
