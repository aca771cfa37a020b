package org.osprey.coordinator.app;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.app.config.TracingConfig;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.core.Tracer;
import org.osprey.coordinator.tracing.Tracing;
import org.osprey.coordinator.tracing.TracingSettings;

/** What begins traces. */
final class TracingParts {
  private TracingParts() {}

  /**
   * Adds it to the components, as the first, so that it outlives the others.
   *
   * @return null when nothing is traced
   */
  static @Nullable Tracer tracer(TracingConfig config, Ticker ticker, List<Component> components) {
    return switch (config.exporter()) {
      case NONE -> null;
      case OTLP -> tracer(TracingSettings.Exporter.OTLP, config, ticker, components);
      case LOG -> tracer(TracingSettings.Exporter.LOG, config, ticker, components);
    };
  }

  private static Tracer tracer(
      TracingSettings.Exporter exporter,
      TracingConfig config,
      Ticker ticker,
      List<Component> components) {
    Tracing tracing =
        new Tracing(
            new TracingSettings(
                exporter, config.endpoint(), config.sampleRatio(), config.serviceName()),
            ticker);
    components.addFirst(tracing);
    return tracing;
  }
}
