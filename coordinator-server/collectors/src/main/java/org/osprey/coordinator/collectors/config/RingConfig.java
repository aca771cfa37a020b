package org.osprey.coordinator.collectors.config;

import org.osprey.coordinator.settings.Rules;

/**
 * What {@code config} may say for every kind.
 *
 * @param bufferSize events of this collector that may wait in memory
 */
record RingConfig(int bufferSize) {
  static final RingConfig DEFAULTS = new RingConfig(OrchestratorConfig.USUAL_BUFFER);
  static final String KEY = "buffer_size";

  RingConfig {
    new Rules()
        .between(
            OrchestratorConfig.LEAST_BUFFER,
            OrchestratorConfig.LARGEST_BUFFER,
            bufferSize,
            "bufferSize")
        .check();
  }
}
