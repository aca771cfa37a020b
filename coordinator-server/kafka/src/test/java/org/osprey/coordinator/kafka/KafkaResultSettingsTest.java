package org.osprey.coordinator.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaResultSettingsTest {
  @Test
  void namesWhatIsWrong() {
    assertEquals("kafka.bootstrapServers must not be empty, got \" \"", message(" ", "results", 1));
    assertEquals(
        "kafka.resultsTopic must be 1 to 249 letters, digits, '.', '_' or '-', got \"no topic\"",
        message("host:9092", "no topic", 1));
    assertEquals(
        "kafka.closeTimeout must be positive, got PT0S", message("host:9092", "results", 0));
  }

  @Test
  void hidesSecrets() {
    KafkaResultSettings settings =
        new KafkaResultSettings(
            "host:9092",
            KafkaResultSettings.DEFAULT_TOPIC,
            true,
            Duration.ofSeconds(1),
            Map.of("sasl.jaas.config", "hush"));

    assertFalse(settings.toString().contains("hush"), settings.toString());
  }

  private static String message(String servers, String topic, int seconds) {
    return String.valueOf(
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    new KafkaResultSettings(
                        servers, topic, true, Duration.ofSeconds(seconds), Map.of()))
            .getMessage());
  }
}
