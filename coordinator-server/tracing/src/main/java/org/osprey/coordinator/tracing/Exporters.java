package org.osprey.coordinator.tracing;

import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;

/** The ways out for spans. */
final class Exporters {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  static final Duration TIMEOUT = Duration.ofSeconds(5);

  private Exporters() {}

  static SpanExporter of(TracingSettings settings) {
    return switch (settings.exporter()) {
      case OTLP -> otlp(settings);
      case LOG -> new LogSpans();
    };
  }

  /** For people. */
  static String place(TracingSettings settings) {
    return switch (settings.exporter()) {
      case OTLP -> "endpoint=" + settings.tracesUrl();
      case LOG -> "endpoint=log";
    };
  }

  /** It does not try again: what waits behind would be lost for it. */
  private static SpanExporter otlp(TracingSettings settings) {
    return OtlpHttpSpanExporter.builder()
        .setEndpoint(settings.tracesUrl())
        .setConnectTimeout(CONNECT_TIMEOUT)
        .setTimeout(TIMEOUT)
        .setRetryPolicy(null)
        .build();
  }
}
