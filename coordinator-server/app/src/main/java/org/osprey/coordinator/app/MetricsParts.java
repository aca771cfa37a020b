package org.osprey.coordinator.app;

import java.time.InstantSource;
import java.util.List;
import org.osprey.coordinator.app.config.CoordinatorConfig;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.metrics.MetricsExport;
import org.osprey.coordinator.metrics.MetricsSettings;

/** What sends metrics. */
final class MetricsParts {
  private MetricsParts() {}

  /** Adds it to the components where it is wanted, as the first, so that it tells all the ends. */
  static void add(CoordinatorConfig config, Ticker ticker, List<Component> components) {
    switch (config.metrics().exporter()) {
      case NONE -> {}
      case OTLP ->
          components.addFirst(
              new MetricsExport(
                  new MetricsSettings(
                      config.metricsEndpoint(),
                      config.metrics().interval(),
                      config.tracing().serviceName()),
                  ticker,
                  InstantSource.system()));
    }
  }
}
