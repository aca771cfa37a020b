package org.osprey.coordinator.pubsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.osprey.coordinator.pubsub.PubsubSettings.Ordering;

class PubsubSettingsTest {
  @Test
  void hasDefaults() {
    assertEquals(
        new PubsubSettings(
            "project",
            "actions",
            null,
            null,
            null,
            Ordering.NONE,
            5000,
            64L << 20,
            5000,
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(10),
            Duration.ofMillis(500),
            Duration.ofSeconds(10)),
        builder().build());
  }

  @Test
  void keepsWhatIsSet() {
    PubsubSettings settings =
        builder()
            .serviceAccountFile(Path.of("key.json"))
            .emulatorHost("localhost:8085")
            .encryptionKeyUri("gcp-kms://projects/p")
            .ordering(Ordering.KEY)
            .maxMessages(1)
            .maxBytes(2)
            .maxProcessing(3)
            .channelTimeout(Duration.ofSeconds(4))
            .minLeaseExtension(Duration.ofSeconds(11))
            .maxLeaseExtension(Duration.ofSeconds(12))
            .roomWait(Duration.ofMillis(6))
            .closeTimeout(Duration.ofMillis(7))
            .build();

    assertEquals(
        new PubsubSettings(
            "project",
            "actions",
            Path.of("key.json"),
            "localhost:8085",
            "gcp-kms://projects/p",
            Ordering.KEY,
            1,
            2,
            3,
            Duration.ofSeconds(4),
            Duration.ofSeconds(11),
            Duration.ofSeconds(12),
            Duration.ofMillis(6),
            Duration.ofMillis(7)),
        settings);
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        wrong(b -> PubsubSettings.builder("", "actions"), "pubsub.project must match"),
        wrong(b -> PubsubSettings.builder("a/b", "actions"), "pubsub.project must match"),
        wrong(b -> PubsubSettings.builder("project", "1st"), "pubsub.subscription must match"),
        wrong(b -> b.emulatorHost("http://x:1"), "pubsub.emulatorHost must be host:port, got"),
        wrong(b -> b.encryptionKeyUri("aws-kms://x"), "pubsub.encryptionKeyUri must start with"),
        wrong(b -> b.maxMessages(0), "pubsub.maxMessages must be at least 1, got 0"),
        wrong(b -> b.maxBytes(0), "pubsub.maxBytes must be at least 1, got 0"),
        wrong(b -> b.maxProcessing(-1), "pubsub.maxProcessing must be at least 1, got -1"),
        wrong(b -> b.channelTimeout(Duration.ZERO), "pubsub.channelTimeout must be positive"),
        wrong(
            b -> b.minLeaseExtension(Duration.ofSeconds(9)),
            "pubsub.minLeaseExtension must be between PT10S and PT10M, got PT9S"),
        wrong(
            b -> b.maxLeaseExtension(Duration.ofSeconds(29)),
            "pubsub.maxLeaseExtension must be at least pubsub.minLeaseExtension=PT30S, got PT29S"),
        wrong(b -> b.roomWait(Duration.ofMinutes(1)), "pubsub.roomWait must be between"),
        wrong(b -> b.closeTimeout(Duration.ZERO), "pubsub.closeTimeout must be positive"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void namesTheSettingThatIsWrong(UnaryOperator<PubsubSettings.Builder> change, String message) {
    PubsubSettings.Builder builder = change.apply(builder());

    String failure = assertThrows(IllegalArgumentException.class, builder::build).toString();
    assertTrue(failure.contains(": " + message), failure);
  }

  private static Arguments wrong(UnaryOperator<PubsubSettings.Builder> change, String message) {
    return Arguments.of(change, message);
  }

  private static PubsubSettings.Builder builder() {
    return PubsubSettings.builder("project", "actions");
  }
}
