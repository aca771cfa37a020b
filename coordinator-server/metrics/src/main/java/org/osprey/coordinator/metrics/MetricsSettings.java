package org.osprey.coordinator.metrics;

import java.time.Duration;

/**
 * Where metrics are sent, and how often.
 *
 * @param endpoint base address of an OTLP receiver that takes HTTP; metrics go to {@code
 *     /v1/metrics} below it
 * @param interval from one sending to the next
 * @param serviceName the coordinator's name at the receiver
 */
public record MetricsSettings(String endpoint, Duration interval, String serviceName) {

  /** Where metrics are sent. */
  String metricsUrl() {
    return endpoint.replaceFirst("/+$", "") + "/v1/metrics";
  }
}
