package org.osprey.coordinator.collectors.config;

import java.util.Map;
import org.osprey.coordinator.collectors.flow.LaneSettings;
import org.osprey.coordinator.collectors.flow.WhenFull;
import org.osprey.coordinator.settings.Rules;

/**
 * A section under {@code collectors}.
 *
 * @param kind empty for that of the section's name
 * @param sample the share of events that is kept
 * @param config by key; empty until its kind is known
 */
record CollectorSection(
    boolean enabled,
    String kind,
    WhenFull whenFull,
    Order order,
    double sample,
    OnStartError onStartError,
    Map<String, Object> config) {

  static final CollectorSection DEFAULTS =
      new CollectorSection(
          false, "", WhenFull.BLOCK, Order.COLLECTOR, 1, OnStartError.RETRY, Map.of());

  /** Which order events keep. */
  enum Order {
    /** That in which the collector emitted them. */
    COLLECTOR,
    NONE
  }

  CollectorSection {
    new Rules()
        .that(sample > 0 && sample <= 1, sample, "a number above 0 and up to 1", "sample")
        .check();
  }

  CollectorSection with(String kind, Map<String, Object> config) {
    return new CollectorSection(enabled, kind, whenFull, order, sample, onStartError, config);
  }

  LaneSettings lane(int bufferSize) {
    return new LaneSettings(bufferSize, whenFull, order == Order.COLLECTOR, sample);
  }
}
