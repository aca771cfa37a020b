package org.osprey.coordinator.collectors.builtin.kubelet;

import java.util.Set;
import org.osprey.coordinator.collector.Collector;
import org.osprey.coordinator.collector.CollectorContext;
import org.osprey.coordinator.collector.CollectorKind;

/** Pods that come, change and go, containers that end, and what pods use. */
public final class KubeletKind implements CollectorKind<KubeletConfig> {

  @Override
  public String name() {
    return "kubelet";
  }

  @Override
  public KubeletConfig defaults() {
    return KubeletConfig.DEFAULTS;
  }

  @Override
  public Set<String> ignored() {
    return Set.of(
        "enable_ebpf",
        "enable_pod_correlation",
        "enable_pod_lifecycle",
        "enable_resource_metrics",
        "enable_storage_monitoring");
  }

  @Override
  public Collector create(KubeletConfig config, CollectorContext context) {
    return new KubeletCollector(config, context);
  }
}
