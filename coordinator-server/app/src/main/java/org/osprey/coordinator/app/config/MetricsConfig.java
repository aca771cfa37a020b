package org.osprey.coordinator.app.config;

import java.time.Duration;
import org.osprey.coordinator.settings.Rules;

/**
 * Where metrics are sent, beside what {@code /metrics} tells who asks.
 *
 * @param endpoint empty for that of the traces
 */
public record MetricsConfig(Exporter exporter, String endpoint, Duration interval) {

  /** Who takes the metrics. */
  public enum Exporter {
    NONE,
    OTLP
  }

  public MetricsConfig {
    boolean usable = exporter == Exporter.NONE || endpoint.isEmpty() || OtlpEndpoint.is(endpoint);
    new Rules()
        .that(usable, endpoint, OtlpEndpoint.WANTED, "endpoint")
        .positive(interval, "interval")
        .check();
  }
}
