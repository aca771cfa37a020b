package org.osprey.coordinator.collectors.lifecycle;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collector.Health;
import org.osprey.coordinator.collectors.config.CollectorConfig;
import org.osprey.coordinator.collectors.flow.LaneStats;
import org.osprey.coordinator.collectors.flow.WhenFull;
import org.osprey.coordinator.collectors.lifecycle.CollectorView.Phase;
import org.osprey.coordinator.collectors.lifecycle.Supervisor.Wanted;

/** Collectors for people, as they are now. */
final class Views {
  private final Surroundings around;

  Views(Surroundings around) {
    this.around = around;
  }

  /**
   * @param supervisor null for one that only left events behind
   */
  CollectorView view(String name, @Nullable Supervisor supervisor, @Nullable LaneStats lane) {
    if (supervisor == null || supervisor.isGone()) {
      return leftovers(name, lane);
    }
    Wanted wanted = supervisor.wanted();
    CollectorConfig config = wanted.config();
    Sight sight = supervisor.sight();
    Health health = health(name, sight);
    return new CollectorView(
        name,
        config.kindName(),
        wanted.enabled(),
        sight.phase(),
        health.healthy(),
        health.detail(),
        sight.restarts(),
        lastEvent(lane),
        sight.strayThreads(),
        config.lane().whenFull(),
        lane);
  }

  /** What keeps its events from disk counts, but for what is wrong with itself. */
  private Health health(String name, Sight sight) {
    Health own = sight.health(around.limits(), around.ticker().nanos());
    return own.healthy() ? around.flows().trouble(name).map(Health::failed).orElse(own) : own;
  }

  private CollectorView leftovers(String name, @Nullable LaneStats lane) {
    long left = lane == null ? 0 : lane.queued() + lane.spilled();
    return new CollectorView(
        name,
        "",
        false,
        Phase.DISABLED,
        true,
        "not configured any more; %d of its events are to be published".formatted(left),
        0,
        lastEvent(lane),
        0,
        WhenFull.BLOCK,
        lane);
  }

  private @Nullable Instant lastEvent(@Nullable LaneStats lane) {
    if (lane == null || lane.lastEventNanos() == 0) {
      return null;
    }
    return around.clock().instant().minusNanos(around.ticker().nanos() - lane.lastEventNanos());
  }
}
