package org.osprey.coordinator.collectors.gateway;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collectors.flow.Channel.Loss;
import org.osprey.coordinator.collectors.flow.LaneStats;
import org.osprey.coordinator.collectors.flow.WhenFull;
import org.osprey.coordinator.collectors.lifecycle.CollectorOperations.ReloadStats;
import org.osprey.coordinator.collectors.lifecycle.CollectorView;

/** The schemas of openapi.yaml that show collectors. */
final class CollectorViews {
  private CollectorViews() {}

  record CollectorList(List<Collector> collectors, Reloads reloads) {}

  record Reloads(long succeeded, long failed, boolean lastFailed, String configHash) {
    static Reloads of(ReloadStats stats) {
      return new Reloads(stats.succeeded(), stats.failed(), stats.lastFailed(), stats.configHash());
    }
  }

  record Collector(
      String name,
      String kind,
      boolean enabled,
      String state,
      boolean healthy,
      String detail,
      int restarts,
      @Nullable Instant lastEvent,
      int strayThreads,
      String whenFull,
      @Nullable Buffer buffer,
      @Nullable Ledger ledger) {

    static Collector of(CollectorView view) {
      LaneStats lane = view.lane();
      return new Collector(
          view.name(),
          view.kind(),
          view.enabled(),
          lower(view.phase()),
          view.healthy(),
          view.detail(),
          view.restarts(),
          view.lastEvent(),
          view.strayThreads(),
          policy(view.whenFull()),
          lane == null ? null : Buffer.of(lane),
          lane == null ? null : Ledger.of(lane));
    }
  }

  record Buffer(int capacity, long bytes, double utilization) {
    static Buffer of(LaneStats lane) {
      return new Buffer(lane.capacity(), lane.bytes(), CollectorViews.utilization(lane));
    }
  }

  record Ledger(
      long received,
      long recovered,
      long published,
      Map<String, Long> dropped,
      long sampledOut,
      long queued,
      long spilled) {

    static Ledger of(LaneStats lane) {
      Map<String, Long> dropped = new LinkedHashMap<>();
      for (Loss reason : Loss.values()) {
        dropped.put(lower(reason), CollectorViews.dropped(lane, reason));
      }
      return new Ledger(
          lane.received(),
          lane.recovered(),
          lane.published(),
          dropped,
          lane.sampledOut(),
          lane.queued(),
          lane.spilled());
    }
  }

  /** From 0 to 1; those that are on their way count too, and may be more than the ring holds. */
  static double utilization(LaneStats lane) {
    return lane.capacity() == 0 ? 0 : Math.min(1, (double) lane.queued() / lane.capacity());
  }

  static long dropped(LaneStats lane, Loss reason) {
    return lane.dropped().getOrDefault(reason, 0L);
  }

  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** As the configuration writes it. */
  private static String policy(WhenFull whenFull) {
    return lower(whenFull).replace('_', '-');
  }
}
