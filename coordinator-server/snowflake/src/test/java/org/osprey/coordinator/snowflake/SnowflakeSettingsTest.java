package org.osprey.coordinator.snowflake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnowflakeSettingsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void thePathIsAddedToTheEndpoint() {
    URI expected = URI.create("http://ids:8088/generate");
    assertEquals(expected, SnowflakeSettings.of(URI.create("http://ids:8088")).target());
    assertEquals(expected, SnowflakeSettings.of(URI.create("http://ids:8088/")).target());
  }

  @ParameterizedTest
  @CsvSource({
    "ids:8088, 1, 1, 1000, 1000, endpoint",
    "ftp://ids, 1, 1, 1000, 1000, endpoint",
    "http:///x, 1, 1, 1000, 1000, endpoint",
    "http://ids, 0, 1, 1000, 1000, batch",
    "http://ids, 100001, 1, 1000, 1000, batch",
    "http://ids, 1, 0, 1000, 1000, lowWater",
    "http://ids, 1, 1, 0, 1000, timeout",
    "http://ids, 1, 1, 1000, 0, backoff",
    "http://ids, 1, 1, 1000, 1001, maxBackoff",
  })
  void eachIsChecked(
      String endpoint, int batch, int lowWater, long timeout, long backoff, String named) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new SnowflakeSettings(
                    URI.create(endpoint),
                    batch,
                    lowWater,
                    Duration.ofMillis(timeout),
                    Duration.ofMillis(backoff),
                    SECOND));
    assertTrue(String.valueOf(e.getMessage()).startsWith(named), e::getMessage);
  }
}
