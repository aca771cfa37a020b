package org.osprey.coordinator.collectors.builtin.generator;

import org.osprey.coordinator.collector.Collector;
import org.osprey.coordinator.collector.CollectorContext;
import org.osprey.coordinator.collector.CollectorKind;

/** Makes events at a rate. */
public final class GeneratorKind implements CollectorKind<GeneratorConfig> {

  @Override
  public String name() {
    return "generator";
  }

  @Override
  public GeneratorConfig defaults() {
    return GeneratorConfig.DEFAULTS;
  }

  @Override
  public Collector create(GeneratorConfig config, CollectorContext context) {
    return new GeneratorCollector(config, context);
  }
}
