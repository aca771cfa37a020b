package org.osprey.coordinator.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TroublesTest {
  private final Troubles troubles =
      Troubles.ofSource(KafkaSettings.builder("host:9092", "actions", "group").build());

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new TopicAuthorizationException(Set.of("actions")), "kafka.topic=actions"),
        Arguments.of(new UnknownTopicOrPartitionException("x"), "kafka.topic=actions"),
        Arguments.of(GroupAuthorizationException.forGroupId("group"), "kafka.groupId=group"),
        Arguments.of(new SaslAuthenticationException("x"), "kafka.properties"),
        Arguments.of(new ConfigException("x"), "kafka.bootstrapServers=host:9092"),
        Arguments.of(new TimeoutException("x"), "kafka.bootstrapServers=host:9092"),
        Arguments.of(
            new TimeoutException("x", new UnknownTopicOrPartitionException("y")),
            "kafka.topic=actions: no such topic"),
        Arguments.of(
            new KafkaException("outer", new ConfigException("x")), "kafka.bootstrapServers"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void namesTheSetting(Throwable failure, String setting) {
    String known = troubles.known(failure);

    assertTrue(known != null && known.contains(setting), known);
  }

  @Test
  void namesTheSectionOfTheSettings() {
    KafkaSettings settings =
        KafkaSettings.builder("host:9092", "tasks", "group").section("tasks.kafka").build();

    assertEquals(
        "tasks.kafka.topic=tasks: no such topic at tasks.kafka.bootstrapServers=host:9092",
        Troubles.ofPublisher(settings).noTopic());
    assertEquals(
        "tasks.kafka.groupId=group: not authorized",
        Troubles.ofSource(settings).known(GroupAuthorizationException.forGroupId("group")));
  }

  @Test
  void leavesTheRestToTheLoop() {
    assertNull(troubles.known(new IllegalStateException("a bug")));
    assertEquals(
        "kafka.topic=actions: IllegalStateException",
        troubles.explain(new IllegalStateException("a bug")));
  }
}
