package org.osprey.coordinator.app.config;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.osprey.coordinator.settings.ByteSize;
import org.osprey.coordinator.settings.Rules;
import org.osprey.coordinator.settings.Variable;

/**
 * The Kafka source; used when {@code sources} names it.
 *
 * @param deadLetterTopic written as empty, it is the topic with {@code .dead-letters} after it
 * @param properties for the Kafka clients, as Kafka names them
 */
public record KafkaConfig(
    @Variable("OSPREY_KAFKA_BOOTSTRAP_SERVERS") String bootstrapServers,
    @Variable("OSPREY_KAFKA_INPUT_STREAM_TOPIC") String topic,
    @Variable("OSPREY_KAFKA_GROUP_ID") String groupId,
    int maxInFlight,
    ByteSize maxInFlightBytes,
    Ordering ordering,
    GroupProtocol groupProtocol,
    String deadLetterTopic,
    String resultsTopic,
    Duration commitInterval,
    int commitBatch,
    int window,
    Map<String, String> properties) {

  /** Which actions must not be out at the same time. */
  public enum Ordering {
    NONE,
    KEY,
    PARTITION
  }

  /** How partitions are shared out. */
  public enum GroupProtocol {
    /** CONSUMER when the broker has it, else CLASSIC. */
    AUTO,
    CONSUMER,
    CLASSIC
  }

  static final String TOPIC = "[a-zA-Z0-9._-]{1,249}";
  static final String WANT_TOPIC = "1 to 249 letters, digits, dots, dashes, underscores";
  static final String SERVERS = "\\s*[^\\s,]+:\\d+\\s*(,\\s*[^\\s,]+:\\d+\\s*)*";
  static final String WANT_SERVERS = "host:port, several with commas between them";

  /** Another value of these would lose actions, or has a setting of its own. */
  private static final Set<String> OURS =
      Set.of(
          "bootstrap.servers",
          "group.id",
          "group.protocol",
          "enable.auto.commit",
          "key.deserializer",
          "value.deserializer",
          "key.serializer",
          "value.serializer");

  public KafkaConfig {
    deadLetterTopic = deadLetterTopic.isEmpty() ? topic + ".dead-letters" : deadLetterTopic;
    boolean apart = !deadLetterTopic.equals(topic);
    Rules rules =
        new Rules()
            .that(
                bootstrapServers.matches(SERVERS),
                bootstrapServers,
                WANT_SERVERS,
                "bootstrapServers")
            .that(topic.matches(TOPIC), topic, WANT_TOPIC, "topic")
            .notBlank(groupId, "groupId")
            .atLeast(1, maxInFlight, "maxInFlight")
            .positive(maxInFlightBytes, "maxInFlightBytes")
            .that(deadLetterTopic.matches(TOPIC), deadLetterTopic, WANT_TOPIC, "deadLetterTopic")
            .that(apart, deadLetterTopic, "another topic than kafka.topic", "deadLetterTopic")
            .that(resultsTopic.matches(TOPIC), resultsTopic, WANT_TOPIC, "resultsTopic")
            .that(
                !resultsTopic.equals(topic),
                resultsTopic,
                "another topic than kafka.topic",
                "resultsTopic")
            .positive(commitInterval, "commitInterval")
            .atLeast(1, commitBatch, "commitBatch")
            .atLeast(1, window, "window");
    checkProperties(properties, rules);
    rules.check();
    properties = Map.copyOf(properties);
  }

  static void checkProperties(Map<String, String> properties, Rules rules) {
    properties.forEach(
        (key, value) ->
            rules.that(
                !OURS.contains(key),
                value,
                "no such property: the coordinator sets it",
                "properties",
                key));
  }
}
