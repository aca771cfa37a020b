package org.osprey.coordinator.kafka;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.osprey.coordinator.kafka.KafkaSettings.GroupProtocol;

/** What the Kafka clients are told: our defaults, over them the operator's, over them our needs. */
final class ClientProperties {
  private static final String CLIENT_ID = "osprey-coordinator";
  private static final int LARGEST_LETTER_BYTES = 16 << 20;

  private ClientProperties() {}

  /**
   * @param protocol not AUTO
   */
  static Map<String, Object> consumer(KafkaSettings settings, GroupProtocol protocol) {
    Map<String, Object> properties = common();
    properties.put(ConsumerConfig.CLIENT_ID_CONFIG, CLIENT_ID);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    // Actions of a transaction that was rolled back never happened.
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    if (protocol == GroupProtocol.CLASSIC) {
      properties.put(
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          CooperativeStickyAssignor.class.getName());
    }
    properties.putAll(settings.properties());

    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, settings.groupId());
    properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol.name().toLowerCase(Locale.ROOT));
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    return properties;
  }

  static Map<String, Object> producer(KafkaSettings settings) {
    Map<String, Object> properties = common();
    // Short enough that the core's own retries notice, long enough for a change of leaders.
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "5000");
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "30000");
    // What is too large is for the topic to say.
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_LETTER_BYTES);
    settings
        .properties()
        .forEach(
            (name, value) -> {
              if (!isForConsumersOnly(name)) {
                properties.put(name, value);
              }
            });

    String clientId =
        settings.properties().getOrDefault(ProducerConfig.CLIENT_ID_CONFIG, CLIENT_ID);
    properties.put(ProducerConfig.CLIENT_ID_CONFIG, clientId + "-dead-letters");
    properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    return properties;
  }

  /** So that a broker that comes back is found within seconds. */
  private static Map<String, Object> common() {
    Map<String, Object> properties = new HashMap<>();
    properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, "2000");
    properties.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, "5000");
    properties.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG, "10000");
    properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, "15000");
    return properties;
  }

  private static boolean isForConsumersOnly(String name) {
    return ConsumerConfig.configNames().contains(name)
        && !ProducerConfig.configNames().contains(name);
  }
}
