package org.osprey.coordinator.collectors.lifecycle;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collector.Health;
import org.osprey.coordinator.collectors.lifecycle.CollectorView.Phase;

/**
 * How a collector was at the last turn.
 *
 * @param since when it came into its phase, by the ticker
 * @param instance null when none runs
 * @param trouble what went wrong last, until it runs again
 * @param strayThreads of instances that are given up
 * @param notBefore when it starts again, where it backs off
 */
record Sight(
    Phase phase,
    long since,
    @Nullable Instance instance,
    @Nullable String trouble,
    int restarts,
    int strayThreads,
    long notBefore) {

  /**
   * @param now by the ticker
   */
  Health health(LifecycleLimits limits, long now) {
    return switch (phase) {
      case DISABLED -> strayThreads == 0 ? Health.ok("disabled") : stray("disabled");
      case STARTING -> starting(limits, Duration.ofNanos(now - since));
      case RUNNING -> instance == null ? Health.ok("running") : instance.health();
      case STOPPING -> trouble == null ? Health.ok("being closed") : Health.failed(trouble);
      case STUCK -> stray(trouble == null ? "given up" : trouble);
      case FAILED -> Health.failed(String.valueOf(trouble));
      case BACKING_OFF ->
          Health.failed(
              "%s; starts again in %d s"
                  .formatted(trouble, Math.max(0, Duration.ofNanos(notBefore - now).toSeconds())));
    };
  }

  private Health starting(LifecycleLimits limits, Duration lasted) {
    if (lasted.compareTo(limits.slowStart()) > 0) {
      return Health.failed("start has not returned for %d s".formatted(lasted.toSeconds()));
    }
    return trouble == null ? Health.ok("starting") : Health.failed(trouble);
  }

  private Health stray(String what) {
    return Health.failed("%s; %d threads of it did not end".formatted(what, strayThreads));
  }
}
