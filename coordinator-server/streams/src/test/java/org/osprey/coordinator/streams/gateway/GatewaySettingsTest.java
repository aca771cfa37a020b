package org.osprey.coordinator.streams.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewaySettingsTest {

  @Test
  void defaultsAreThoseOfTheContract() {
    GatewaySettings defaults = GatewaySettings.DEFAULTS;
    assertEquals(10_000, defaults.maxWatchers());
    assertEquals(Duration.ofSeconds(15), defaults.pingEvery());
    assertEquals(Duration.ofSeconds(30), defaults.heartbeatEvery());
    assertEquals(Duration.ofSeconds(30), defaults.stuckAfter());
    assertEquals(Duration.ofSeconds(90), defaults.silentAfter());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 15, 30, 30, maxWatchers: want at least 1",
    "1, 0, 30, 30, pingEvery: want 100ms to 1h",
    "1, 15, 3601, 30, heartbeatEvery: want 100ms to 1h",
    "1, 15, 30, -1, stuckAfter: want 100ms to 1h",
    "1, 31, 30, 30, pingEvery: want at most heartbeatEvery"
  })
  void whatCannotWorkIsRefused(int most, long ping, long heartbeat, long stuck, String message) {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new GatewaySettings(
                    most,
                    Duration.ofSeconds(ping),
                    Duration.ofSeconds(heartbeat),
                    Duration.ofSeconds(stuck)));
    assertTrue(String.valueOf(refused.getMessage()).startsWith(message), refused.getMessage());
  }
}
