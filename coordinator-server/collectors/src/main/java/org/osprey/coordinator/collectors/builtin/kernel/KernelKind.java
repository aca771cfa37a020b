package org.osprey.coordinator.collectors.builtin.kernel;

import java.util.Set;
import org.osprey.coordinator.collector.Collector;
import org.osprey.coordinator.collector.CollectorContext;
import org.osprey.coordinator.collector.CollectorKind;

/** Processes that come and go, load, pressure, disks and network of a Linux machine. */
public final class KernelKind implements CollectorKind<KernelConfig> {

  @Override
  public String name() {
    return "kernel";
  }

  @Override
  public KernelConfig defaults() {
    return KernelConfig.DEFAULTS;
  }

  @Override
  public Set<String> ignored() {
    return Set.of("enable_ebpf", "monitor_configmaps", "monitor_secrets", "syscall_sampling_rate");
  }

  @Override
  public Collector create(KernelConfig config, CollectorContext context) {
    return new KernelCollector(config, context);
  }
}
