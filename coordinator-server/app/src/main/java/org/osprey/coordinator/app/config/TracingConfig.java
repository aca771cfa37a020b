package org.osprey.coordinator.app.config;

import org.osprey.coordinator.settings.Rules;
import org.osprey.coordinator.settings.Variable;

/** Where the ways of single actions through the coordinator can be looked at. */
public record TracingConfig(
    Exporter exporter,
    @Variable("OTEL_EXPORTER_OTLP_ENDPOINT") String endpoint,
    double sampleRatio,
    @Variable("OTEL_SERVICE_NAME") String serviceName) {

  /** Who takes the spans. */
  public enum Exporter {
    NONE,
    OTLP,
    LOG
  }

  public TracingConfig {
    // Elsewhere the address may stand in the environment for others.
    boolean usable = exporter != Exporter.OTLP || OtlpEndpoint.is(endpoint);
    new Rules()
        .that(usable, endpoint, OtlpEndpoint.WANTED, "endpoint")
        .that(
            sampleRatio >= 0 && sampleRatio <= 1,
            sampleRatio,
            "a number from 0 to 1",
            "sampleRatio")
        .notBlank(serviceName, "serviceName")
        .check();
  }
}
