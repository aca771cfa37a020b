package org.osprey.coordinator.collectors.builtin.dns;

import org.osprey.coordinator.collector.Collector;
import org.osprey.coordinator.collector.CollectorContext;
import org.osprey.coordinator.collector.CollectorKind;
import org.osprey.coordinator.collectors.builtin.Wants;

/** Asks for names at an interval: how long it takes, and what changes. */
public final class DnsKind implements CollectorKind<DnsConfig> {

  @Override
  public String name() {
    return "dns";
  }

  @Override
  public DnsConfig defaults() {
    return DnsConfig.DEFAULTS;
  }

  @Override
  public Collector create(DnsConfig config, CollectorContext context) {
    new Wants()
        .that(!config.names().isEmpty(), "names", config.names(), "at least one name")
        .check();
    return new DnsCollector(config, context);
  }
}
