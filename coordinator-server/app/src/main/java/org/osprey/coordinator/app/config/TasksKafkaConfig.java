package org.osprey.coordinator.app.config;

import java.time.Duration;
import java.util.Map;
import org.osprey.coordinator.settings.Rules;
import org.osprey.coordinator.settings.Variable;

/**
 * The topic through which tasks go to whoever works on them.
 *
 * @param enabled otherwise the database is the queue
 * @param properties for the Kafka clients, as Kafka names them
 */
public record TasksKafkaConfig(
    @Variable("USE_KAFKA") boolean enabled,
    @Variable("KAFKA_BOOTSTRAP_SERVERS") String bootstrapServers,
    @Variable("KAFKA_TOPIC") String topic,
    String groupId,
    Duration republishAfter,
    Map<String, String> properties) {

  public TasksKafkaConfig {
    Rules rules =
        new Rules()
            .that(
                bootstrapServers.matches(KafkaConfig.SERVERS),
                bootstrapServers,
                KafkaConfig.WANT_SERVERS,
                "bootstrapServers")
            .that(topic.matches(KafkaConfig.TOPIC), topic, KafkaConfig.WANT_TOPIC, "topic")
            .notBlank(groupId, "groupId")
            .positive(republishAfter, "republishAfter");
    KafkaConfig.checkProperties(properties, rules);
    rules.check();
    properties = Map.copyOf(properties);
  }
}
