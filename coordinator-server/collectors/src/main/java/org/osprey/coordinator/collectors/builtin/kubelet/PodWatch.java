package org.osprey.coordinator.collectors.builtin.kubelet;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collector.Severity;
import org.osprey.coordinator.collectors.builtin.kubelet.PodList.Container;
import org.osprey.coordinator.collectors.builtin.kubelet.PodList.Metadata;
import org.osprey.coordinator.collectors.builtin.kubelet.PodList.Pod;
import org.osprey.coordinator.collectors.builtin.kubelet.PodList.Status;
import org.osprey.coordinator.collectors.builtin.kubelet.PodList.Terminated;

/**
 * The pods of a node, compared with those of the last poll. Those that are there at the first poll
 * are not told of, but for containers that crash again and again. Belongs to the thread of its
 * polls.
 */
final class PodWatch {
  private static final Status UNKNOWN = new Status(null, null, null, null);

  private Map<String, Known> known = Map.of();
  private boolean first = true;

  /** Told what happened, in order. */
  @FunctionalInterface
  interface Teller {
    void tell(String type, Severity severity, Map<String, String> attributes)
        throws InterruptedException;
  }

  void update(PodList list, Teller teller) throws InterruptedException {
    Map<String, Known> before = known;
    Map<String, Known> now = new LinkedHashMap<>();
    List<@Nullable Pod> pods = list.items() == null ? List.of() : list.items();
    for (Pod pod : pods) {
      Metadata metadata = pod == null ? null : pod.metadata();
      if (pod != null && metadata != null && metadata.uid() != null) {
        Known state = known(metadata, pod.status() == null ? UNKNOWN : pod.status());
        now.put(metadata.uid(), state);
      }
    }
    boolean baseline = first;
    known = now;
    first = false;
    for (Map.Entry<String, Known> pod : now.entrySet()) {
      compare(before.get(pod.getKey()), pod.getValue(), baseline, teller);
    }
    for (Map.Entry<String, Known> pod : before.entrySet()) {
      if (!now.containsKey(pod.getKey())) {
        teller.tell("kubelet.pod_removed", Severity.INFO, pod.getValue().attributes());
      }
    }
  }

  int count() {
    return known.size();
  }

  private static Known known(Metadata metadata, Status status) {
    Map<String, String> attributes = new HashMap<>();
    attributes.put("namespace", Objects.requireNonNullElse(metadata.namespace(), ""));
    attributes.put("pod", Objects.requireNonNullElse(metadata.name(), ""));
    attributes.put("uid", Objects.requireNonNullElse(metadata.uid(), ""));
    attributes.put("phase", Objects.requireNonNullElse(status.phase(), "Unknown"));
    if (status.reason() != null) {
      attributes.put("reason", status.reason());
    }
    Map<String, ContainerState> containers = new LinkedHashMap<>();
    for (Container container : status.all().toList()) {
      containers.put(
          Objects.requireNonNullElse(container.name(), ""), ContainerState.of(container));
    }
    return new Known(attributes, containers);
  }

  private static void compare(@Nullable Known before, Known now, boolean baseline, Teller teller)
      throws InterruptedException {
    if (before == null && !baseline) {
      teller.tell("kubelet.pod_added", Severity.INFO, now.attributes());
    } else if (before != null && !before.phase().equals(now.phase())) {
      Map<String, String> attributes = new HashMap<>(now.attributes());
      attributes.put("previous_phase", before.phase());
      Severity severity = now.phase().equals("Failed") ? Severity.WARNING : Severity.INFO;
      teller.tell("kubelet.pod_changed", severity, attributes);
    }
    for (Map.Entry<String, ContainerState> container : now.containers().entrySet()) {
      ContainerState earlier = before == null ? null : before.containers().get(container.getKey());
      if (earlier == null) {
        // what a pod went through before it was first seen is not news, where it is now may be
        earlier =
            baseline
                ? new ContainerState(
                    container.getValue().restarts(), container.getValue().ended(), false)
                : new ContainerState(0, null, false);
      }
      compare(now, container.getKey(), earlier, container.getValue(), teller);
    }
  }

  private static void compare(
      Known pod, String name, ContainerState before, ContainerState now, Teller teller)
      throws InterruptedException {
    Map<String, String> attributes = new HashMap<>(pod.attributes());
    attributes.put("container", name);
    attributes.put("restarts", Integer.toString(now.restarts()));
    Terminated ended = now.ended();
    if (ended != null) {
      attributes.put("exit_code", Integer.toString(ended.exitCode()));
      attributes.put("reason", Objects.requireNonNullElse(ended.reason(), ""));
      attributes.put("finished", Objects.requireNonNullElse(ended.finishedAt(), ""));
    }
    if (now.killedSince(before)) {
      teller.tell("kubelet.oom_killed", Severity.ERROR, attributes);
    }
    if (now.restarts() > before.restarts()) {
      teller.tell("kubelet.container_restarted", Severity.WARNING, attributes);
    }
    if (now.crashLoop() && !before.crashLoop()) {
      teller.tell("kubelet.crash_loop", Severity.ERROR, attributes);
    }
  }

  private record Known(Map<String, String> attributes, Map<String, ContainerState> containers) {

    String phase() {
      return attributes.getOrDefault("phase", "Unknown");
    }
  }
}
