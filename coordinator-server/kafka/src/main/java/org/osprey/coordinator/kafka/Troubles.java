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
  private final KafkaSettings settings;
  private final String topicSetting;
  private final String topic;

  private Troubles(KafkaSettings settings, String topicSetting, String topic) {
    this.settings = settings;
    this.topicSetting = topicSetting;
    this.topic = topic;
  }

  static Troubles ofSource(KafkaSettings settings) {
    return new Troubles(settings, "kafka.topic", settings.topic());
  }

  static Troubles ofDeadLetters(KafkaSettings settings) {
    return new Troubles(settings, "kafka.deadLetterTopic", settings.deadLetterTopic());
  }

  /**
   * @return null for a failure that no setting and no broker explains
   */
  @Nullable String known(Throwable failure) {
    String known =
        switch (failure) {
          case ConfigException e -> "kafka.properties or " + servers() + ": " + e.getMessage();
          case AuthenticationException e ->
              "kafka.properties: authentication failed: " + e.getMessage();
          case GroupAuthorizationException e -> group() + ": not authorized";
          case InvalidGroupIdException e -> group() + ": " + e.getMessage();
          case TopicAuthorizationException e -> topic() + ": not authorized";
          case InvalidTopicException e -> topic() + ": not a valid topic";
          case UnknownTopicOrPartitionException e -> noTopic();
          case AuthorizationException e -> "kafka.properties: not authorized: " + e.getMessage();
          case UnsupportedVersionException e ->
              "kafka.groupProtocol=" + settings.groupProtocol() + ": " + e.getMessage();
          case TimeoutException e -> topic() + " at " + servers() + ": no answer in time";
          default -> null;
        };
    Throwable cause = failure.getCause();
    return known != null || cause == null ? known : known(cause);
  }

  /** Says something for every failure. */
  String explain(Throwable failure) {
    String known = known(failure);
    return known != null ? known : topic() + ": " + failure.getClass().getSimpleName();
  }

  String noTopic() {
    return topic() + ": no such topic at " + servers();
  }

  String noBroker() {
    return servers() + ": no broker answers";
  }

  private String topic() {
    return topicSetting + "=" + topic;
  }

  private String group() {
    return "kafka.groupId=" + settings.groupId();
  }

  private String servers() {
    return "kafka.bootstrapServers=" + settings.bootstrapServers();
  }
}
