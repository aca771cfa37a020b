package org.osprey.coordinator.kafka;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.osprey.coordinator.kafka.KafkaSettings.GroupProtocol;

/** What the Kafka clients are told: our defaults, over them the operator's, over them our needs. */
final class ClientProperties {
  private static final String CLIENT_ID = "osprey-coordinator";
  private static final int LARGEST_RECORD_BYTES = 16 << 20;

  /** What only a member of a group may have. */
  private static final Set<String> ABOUT_GROUPS =
      Set.of(
          ConsumerConfig.GROUP_ID_CONFIG,
          ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
          ConsumerConfig.GROUP_PROTOCOL_CONFIG,
          ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG,
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG);

  private ClientProperties() {}

  /**
   * @param protocol not AUTO
   */
  static Map<String, Object> consumer(KafkaSettings settings, GroupProtocol protocol) {
    Map<String, Object> properties = reading();
    properties.put(ConsumerConfig.CLIENT_ID_CONFIG, CLIENT_ID);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    if (protocol == GroupProtocol.CLASSIC) {
      properties.put(
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          CooperativeStickyAssignor.class.getName());
    }
    properties.putAll(settings.properties());

    properties.put(ConsumerConfig.GROUP_ID_CONFIG, settings.groupId());
    properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol.name().toLowerCase(Locale.ROOT));
    addNeedsOfConsumers(properties, settings.cluster());
    return properties;
  }

  /** For a consumer that belongs to no group and is told where to read. */
  static Map<String, Object> reader(Cluster cluster, String role) {
    Map<String, Object> properties = reading();
    properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "10000");
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "100");
    // A close waits for the fetch that is out.
    properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "20");
    properties.putAll(cluster.properties());

    properties.keySet().removeAll(ABOUT_GROUPS);
    properties.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId(cluster, role));
    // What was deleted meanwhile is passed over.
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    addNeedsOfConsumers(properties, cluster);
    return properties;
  }

  static Map<String, Object> admin(Cluster cluster, String role) {
    Map<String, Object> properties = common();
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "15000");
    properties.putAll(cluster.properties());
    properties.keySet().retainAll(AdminClientConfig.configNames());

    properties.put(AdminClientConfig.CLIENT_ID_CONFIG, clientId(cluster, role));
    properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrapServers());
    return properties;
  }

  static Map<String, Object> producer(Cluster cluster, String role) {
    Map<String, Object> properties = common();
    // Short enough that the core's own retries notice, long enough for a change of leaders.
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "5000");
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "30000");
    // Callers may wait for it.
    properties.put(ProducerConfig.LINGER_MS_CONFIG, "2");
    properties.put(ProducerConfig.BATCH_SIZE_CONFIG, 64 << 10);
    // With more, the client gets stuck until the time-out when it must split a batch because the
    // topic's max.message.bytes is small: the batches behind it keep numbers that no longer follow.
    properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1");
    // What is too large is for the topic to say.
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_RECORD_BYTES);
    cluster
        .properties()
        .forEach(
            (name, value) -> {
              if (!isForConsumersOnly(name)) {
                properties.put(name, value);
              }
            });

    properties.put(ProducerConfig.CLIENT_ID_CONFIG, clientId(cluster, role));
    properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrapServers());
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

  private static Map<String, Object> reading() {
    Map<String, Object> properties = common();
    // What belongs to a transaction that was rolled back never happened.
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    return properties;
  }

  private static void addNeedsOfConsumers(Map<String, Object> properties, Cluster cluster) {
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrapServers());
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
  }

  private static String clientId(Cluster cluster, String role) {
    String own = cluster.properties().getOrDefault(CommonClientConfigs.CLIENT_ID_CONFIG, CLIENT_ID);
    return own + '-' + role;
  }

  private static boolean isForConsumersOnly(String name) {
    return ConsumerConfig.configNames().contains(name)
        && !ProducerConfig.configNames().contains(name);
  }
}
