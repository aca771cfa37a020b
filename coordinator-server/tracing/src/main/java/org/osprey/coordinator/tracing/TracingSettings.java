package org.osprey.coordinator.tracing;

import java.net.URI;

/**
 * Where traces go, and how many.
 *
 * @param endpoint base address of an OTLP receiver that takes HTTP; spans go to {@code /v1/traces}
 *     below it
 * @param sampleRatio the share of the actions to trace that came without a trace, from 0 to 1; an
 *     action that came with one is traced when whoever began that says so
 * @param serviceName the coordinator's name in the traces
 */
public record TracingSettings(
    Exporter exporter, String endpoint, double sampleRatio, String serviceName) {

  /** Who takes the spans. */
  public enum Exporter {
    /** A collector or backend that speaks OTLP over HTTP. */
    OTLP,
    /** The log, a line for each span. */
    LOG
  }

  public TracingSettings {
    if (!(sampleRatio >= 0 && sampleRatio <= 1)) {
      throw new IllegalArgumentException(
          "tracing.sampleRatio must be from 0 to 1, got " + sampleRatio);
    }
    if (serviceName.isBlank()) {
      throw new IllegalArgumentException("tracing.serviceName must not be empty");
    }
    if (exporter == Exporter.OTLP && !isHttp(endpoint)) {
      // Without what was given, which may have a password in it.
      throw new IllegalArgumentException(
          "tracing.endpoint must be http://host:port or https://host:port, without a user");
    }
  }

  /** Where spans are sent. */
  String tracesUrl() {
    return endpoint.replaceFirst("/+$", "") + "/v1/traces";
  }

  private static boolean isHttp(String endpoint) {
    try {
      URI uri = URI.create(endpoint);
      return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getHost() != null
          && uri.getUserInfo() == null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
