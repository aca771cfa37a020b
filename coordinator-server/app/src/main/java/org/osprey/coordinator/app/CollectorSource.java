package org.osprey.coordinator.app;

import java.util.function.Supplier;
import org.osprey.coordinator.collectors.config.CollectorsConfig;

/**
 * What runs of collectors.
 *
 * @param again reads the configuration again
 */
public record CollectorSource(CollectorsConfig initial, Supplier<CollectorsConfig> again) {}
