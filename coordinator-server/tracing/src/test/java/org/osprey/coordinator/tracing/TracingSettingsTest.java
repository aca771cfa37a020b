package org.osprey.coordinator.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.tracing.TracingSettings.Exporter;

class TracingSettingsTest {

  @Test
  void spansGoBelowTheEndpoint() {
    assertEquals("http://a:1/v1/traces", settings("http://a:1", 1).tracesUrl());
    assertEquals("https://a/b/v1/traces", settings("https://a/b/", 1).tracesUrl());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a:1", "ftp://a", "http://", "http://me:secret@a:1", "http://a b"})
  void endpointsAreChecked(String endpoint) {
    String message = refused(endpoint, 1);
    assertEquals(
        "tracing.endpoint must be http://host:port or https://host:port, without a user", message);
    assertFalse(message.contains("secret"));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
  void ratiosAreChecked(double ratio) {
    assertEquals(
        "tracing.sampleRatio must be from 0 to 1, got " + ratio, refused("http://a:1", ratio));
  }

  private static String refused(String endpoint, double ratio) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> settings(endpoint, ratio)).getMessage());
  }

  private static TracingSettings settings(String endpoint, double ratio) {
    return new TracingSettings(Exporter.OTLP, endpoint, ratio, "coordinator");
  }
}
