package org.osprey.coordinator.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;

/**
 * Where results go, and which.
 *
 * @param bootstrapServers {@code host:port}, several with commas
 * @param resultsTopic must exist or be created by the broker
 * @param includeVerdicts whether an answer without an execution result is published too, if it has
 *     verdicts
 * @param closeTimeout the longest time {@link KafkaResultSink#close} takes
 * @param properties passed to the Kafka producer as they are; may hold secrets
 */
public record KafkaResultSettings(
    String bootstrapServers,
    String resultsTopic,
    boolean includeVerdicts,
    Duration closeTimeout,
    Map<String, String> properties) {

  public static final String DEFAULT_TOPIC = "osprey.execution_results";

  public KafkaResultSettings {
    Require.notBlank("bootstrapServers", bootstrapServers);
    Require.topicName("resultsTopic", resultsTopic);
    Require.positive("closeTimeout", closeTimeout);
    properties = Map.copyOf(properties);
  }

  Cluster cluster() {
    return new Cluster("kafka", bootstrapServers, properties);
  }

  /** Leaves the values of {@code properties} out: they may be secrets. */
  @Override
  public String toString() {
    return "KafkaResultSettings[bootstrapServers=%s, resultsTopic=%s, properties=%s]"
        .formatted(bootstrapServers, resultsTopic, new TreeSet<>(properties.keySet()));
  }
}
