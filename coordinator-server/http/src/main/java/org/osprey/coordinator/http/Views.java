package org.osprey.coordinator.http;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.DispatcherStats;
import org.osprey.coordinator.core.DispatcherStats.LaneStats;
import org.osprey.coordinator.core.EndedAction;
import org.osprey.coordinator.core.Lane;
import org.osprey.coordinator.core.Sources;
import org.osprey.coordinator.core.StreamStats;

/** The schemas of openapi.yaml that show the coordinator. */
final class Views {
  private static final double NANOS_PER_SECOND = 1e9;

  private Views() {}

  static double seconds(Duration duration) {
    return duration.toNanos() / NANOS_PER_SECOND;
  }

  record Worker(
      String id,
      String clientId,
      String peer,
      String actions,
      int credits,
      int inFlight,
      long acks,
      long nacks,
      double connectedSeconds,
      double silentSeconds) {

    static Worker of(StreamStats stream) {
      return new Worker(
          Long.toString(stream.id()),
          stream.clientId(),
          stream.peer(),
          String.join(", ", stream.names().globs()),
          stream.credits(),
          stream.inFlight(),
          stream.acks(),
          stream.nacks(),
          seconds(stream.connected()),
          seconds(stream.silent()));
    }
  }

  record Workers(int connected, List<Worker> workers) {}

  record Source(String name, boolean paused, boolean healthy, String detail) {
    static Source of(Sources.Status status) {
      Check check = status.check();
      return new Source(status.name(), status.paused(), check.healthy(), check.detail());
    }
  }

  record SourceList(List<Source> sources) {}

  record LaneView(int waiting, int unfinished, long bytes, double oldestSeconds) {
    static LaneView of(LaneStats lane) {
      return new LaneView(lane.waiting(), lane.accepted(), lane.bytes(), seconds(lane.oldest()));
    }
  }

  record Lanes(LaneView sync, LaneView async) {}

  record Queue(
      Lanes lanes,
      long leased,
      long delayed,
      long held,
      long settling,
      int connected,
      int waitingStreams,
      Map<String, Long> counts) {

    static Queue of(DispatcherStats stats) {
      Map<String, Long> counts = new TreeMap<>();
      stats.counts().forEach((count, value) -> counts.put(lower(count), value));
      return new Queue(
          new Lanes(LaneView.of(stats.sync()), LaneView.of(stats.async())),
          stats.leased(),
          stats.delayed(),
          stats.held(),
          stats.settling(),
          stats.connected(),
          stats.waiting(),
          counts);
    }
  }

  record RecentAction(
      String id,
      String name,
      Lane lane,
      String source,
      EndedAction.Kind outcome,
      double seconds,
      Instant endedAt) {

    static RecentAction of(EndedAction action, Instant now) {
      return new RecentAction(
          Long.toUnsignedString(action.id()),
          action.name(),
          action.lane(),
          action.source(),
          action.outcome(),
          Views.seconds(action.took()),
          now.minus(action.ago()));
    }
  }

  record RecentActions(List<RecentAction> actions) {}

  record Health(
      String status, String consumerType, @Nullable String eventHubMode, List<Check> checks) {}

  record Status(String status, @Nullable List<String> reasons) {}

  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
