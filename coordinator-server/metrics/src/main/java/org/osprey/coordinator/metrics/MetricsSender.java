package org.osprey.coordinator.metrics;

import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sends scrapes to one receiver. One thread at a time. */
final class MetricsSender implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final MetricExporter exporter;
  private final Resource resource;
  private final InstantSource clock;
  private final long startNanos;

  MetricsSender(MetricsSettings settings, InstantSource clock) {
    this.clock = clock;
    startNanos = nanos(clock.instant());
    resource =
        Resource.getDefault()
            .merge(Resource.builder().put("service.name", settings.serviceName()).build());
    // It does not try again: the next numbers hold these too.
    exporter =
        OtlpHttpMetricExporter.builder()
            .setEndpoint(settings.metricsUrl())
            .setConnectTimeout(CONNECT_TIMEOUT)
            .setTimeout(TIMEOUT)
            .setRetryPolicy(null)
            .build();
  }

  /**
   * @return what went wrong; null when the receiver took them
   */
  @Nullable String send(MetricSnapshots scrape, Duration atMost) {
    Conversion conversion = new Conversion(resource, startNanos, nanos(clock.instant()));
    CompletableResultCode result =
        exporter.export(conversion.of(scrape)).join(atMost.toMillis(), TimeUnit.MILLISECONDS);
    if (result.isSuccess()) {
      return null;
    }
    Throwable failure = result.getFailureThrowable();
    Throwable cause = failure == null ? null : failure.getCause();
    return cause == null ? "refused, or no answer in time" : cause.toString();
  }

  @Override
  public void close() {
    CompletableResultCode unused = exporter.shutdown();
  }

  private static long nanos(Instant time) {
    return time.getEpochSecond() * NANOS_PER_SECOND + time.getNano();
  }
}
