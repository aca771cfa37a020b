package org.osprey.coordinator.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.osprey.coordinator.kafka.KafkaSettings.GroupProtocol;
import org.osprey.coordinator.kafka.KafkaSettings.Ordering;

class KafkaSettingsTest {
  @Test
  void hasDefaults() {
    assertEquals(
        new KafkaSettings(
            "kafka",
            "host:9092",
            "actions",
            "group",
            "actions.dead-letters",
            Ordering.NONE,
            GroupProtocol.AUTO,
            5000,
            64L << 20,
            10_000,
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            1000,
            Duration.ofSeconds(10),
            Map.of()),
        KafkaSettings.builder("host:9092", "actions", "group").build());
  }

  @Test
  void keepsWhatIsSet() {
    KafkaSettings settings =
        builder()
            .section("tasks.kafka")
            .deadLetterTopic("letters")
            .ordering(Ordering.KEY)
            .groupProtocol(GroupProtocol.CLASSIC)
            .maxInFlight(1)
            .maxInFlightBytes(2)
            .window(3)
            .roomWait(Duration.ofMillis(4))
            .commitInterval(Duration.ofMillis(5))
            .commitBatch(6)
            .closeTimeout(Duration.ofMillis(7))
            .properties(Map.of("a", "b"))
            .build();

    assertEquals(
        new KafkaSettings(
            "tasks.kafka",
            "host:9092",
            "actions",
            "group",
            "letters",
            Ordering.KEY,
            GroupProtocol.CLASSIC,
            1,
            2,
            3,
            Duration.ofMillis(4),
            Duration.ofMillis(5),
            6,
            Duration.ofMillis(7),
            Map.of("a", "b")),
        settings);
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        wrong(b -> b.deadLetterTopic("a b"), "kafka.deadLetterTopic must be 1 to 249 letters"),
        wrong(b -> b.deadLetterTopic("actions"), "kafka.deadLetterTopic must not be kafka.topic"),
        wrong(b -> b.maxInFlight(0), "kafka.maxInFlight must be at least 1, got 0"),
        wrong(b -> b.maxInFlightBytes(-1), "kafka.maxInFlightBytes must be at least 1, got -1"),
        wrong(b -> b.window(0), "kafka.window must be at least 1, got 0"),
        wrong(b -> b.window(1 << 25), "kafka.window must be at most 16777216, got 33554432"),
        wrong(b -> b.roomWait(Duration.ZERO), "kafka.roomWait must be positive, got PT0S"),
        wrong(b -> b.roomWait(Duration.ofMinutes(1)), "kafka.roomWait must be at most PT30S"),
        wrong(b -> b.commitInterval(Duration.ofSeconds(-1)), "kafka.commitInterval must be posi"),
        wrong(b -> b.commitBatch(0), "kafka.commitBatch must be at least 1, got 0"),
        wrong(b -> b.closeTimeout(Duration.ZERO), "kafka.closeTimeout must be positive"),
        wrong(
            b -> KafkaSettings.builder(" ", "t", "g"), "kafka.bootstrapServers must not be empty"),
        wrong(b -> KafkaSettings.builder("h", "", "g"), "kafka.topic must be 1 to 249 letters"),
        wrong(b -> KafkaSettings.builder("h", "..", "g"), "kafka.topic must be 1 to 249 letters"),
        wrong(b -> KafkaSettings.builder("h", "t", ""), "kafka.groupId must not be empty"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void namesTheSettingThatIsWrong(UnaryOperator<KafkaSettings.Builder> change, String message) {
    KafkaSettings.Builder builder = change.apply(builder());

    String failure = assertThrows(IllegalArgumentException.class, builder::build).toString();
    assertTrue(failure.contains(": " + message), failure);
  }

  @Test
  void keepsSecretsOutOfItsText() {
    String text = builder().properties(Map.of("sasl.jaas.config", "hunter2")).build().toString();

    assertFalse(text.contains("hunter2"), text);
    assertTrue(text.contains("sasl.jaas.config"), text);
  }

  private static Arguments wrong(UnaryOperator<KafkaSettings.Builder> change, String message) {
    return Arguments.of(change, message);
  }

  private static KafkaSettings.Builder builder() {
    return KafkaSettings.builder("host:9092", "actions", "group");
  }
}
