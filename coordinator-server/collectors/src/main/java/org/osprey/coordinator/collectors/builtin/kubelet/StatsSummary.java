package org.osprey.coordinator.collectors.builtin.kubelet;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a kubelet answers for {@code /stats/summary}, as far as it is needed. Anything may be
 * missing.
 */
record StatsSummary(@Nullable Node node, @Nullable List<@Nullable Pod> pods) {

  record Node(@Nullable String nodeName) {}

  record Pod(@Nullable Reference podRef, @Nullable Cpu cpu, @Nullable Memory memory) {}

  record Reference(@Nullable String uid, @Nullable String name, @Nullable String namespace) {}

  record Cpu(@Nullable Long usageNanoCores) {}

  record Memory(@Nullable Long workingSetBytes) {}
}
