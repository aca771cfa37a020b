package org.osprey.coordinator.kafka;

import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/** Says in the words of our settings what a Kafka client complains about. */
final class Troubles {
  private final String section;
  private final String topic;
  private final String servers;
  private final String group;
  private final String protocol;

  private Troubles(Cluster cluster, String topic, String group, String protocol) {
    section = cluster.section();
    this.topic = topic;
    servers = servers(cluster);
    this.group = group;
    this.protocol = protocol;
  }

  static Troubles ofSource(KafkaSettings settings) {
    String section = settings.section();
    return new Troubles(
        settings.cluster(),
        section + ".topic=" + settings.topic(),
        section + ".groupId=" + settings.groupId(),
        section + ".groupProtocol=" + settings.groupProtocol());
  }

  static Troubles ofDeadLetters(KafkaSettings settings) {
    return withoutGroup(
        settings.section() + ".deadLetterTopic=" + settings.deadLetterTopic(), settings.cluster());
  }

  static Troubles ofPublisher(KafkaSettings settings) {
    return withoutGroup(settings.section() + ".topic=" + settings.topic(), settings.cluster());
  }

  static Troubles ofResults(KafkaResultSettings settings) {
    return withoutGroup("kafka.resultsTopic=" + settings.resultsTopic(), settings.cluster());
  }

  private static Troubles withoutGroup(String topic, Cluster cluster) {
    return new Troubles(cluster, topic, "group", servers(cluster));
  }

  /**
   * @return null for a failure that no setting and no broker explains
   */
  @Nullable String known(Throwable failure) {
    String known =
        switch (failure) {
          case ConfigException e -> section + ".properties or " + servers + ": " + e.getMessage();
          case AuthenticationException e ->
              section + ".properties: authentication failed: " + e.getMessage();
          case GroupAuthorizationException e -> group + ": not authorized";
          case InvalidGroupIdException e -> group + ": " + e.getMessage();
          case TopicAuthorizationException e -> topic + ": not authorized";
          case InvalidTopicException e -> topic + ": not a valid topic";
          case UnknownTopicOrPartitionException e -> noTopic();
          case AuthorizationException e ->
              section + ".properties: not authorized: " + e.getMessage();
          case UnsupportedVersionException e -> protocol + ": " + e.getMessage();
          case TimeoutException e -> timeout(e);
          default -> null;
        };
    Throwable cause = failure.getCause();
    return known != null || cause == null ? known : known(cause);
  }

  /** Says something for every failure. */
  String explain(Throwable failure) {
    String known = known(failure);
    return known != null ? known : topic + ": " + failure.getClass().getSimpleName();
  }

  String noTopic() {
    return topic + ": no such topic at " + servers;
  }

  String noBroker() {
    return servers + ": no broker answers";
  }

  /** A client that waits for what will not come says so in the cause, if at all. */
  private String timeout(TimeoutException failure) {
    Throwable cause = failure.getCause();
    String why = cause == null ? null : known(cause);
    return why != null ? why : topic + " at " + servers + ": no answer in time";
  }

  private static String servers(Cluster cluster) {
    return cluster.section() + ".bootstrapServers=" + cluster.bootstrapServers();
  }
}
