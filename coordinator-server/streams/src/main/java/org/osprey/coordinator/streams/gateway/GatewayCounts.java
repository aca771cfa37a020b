package org.osprey.coordinator.streams.gateway;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.Measured;

/** What becomes of watchers and of what they are told. Safe for use by many threads. */
final class GatewayCounts implements Measured {
  final LongAdder framesSent = new LongAdder();
  final LongAdder framesSkipped = new LongAdder();
  final LongAdder scenesMissed = new LongAdder();
  private final Map<Outlet.Kind, AtomicInteger> watchers = new EnumMap<>(Outlet.Kind.class);
  private final Map<Cut, LongAdder> cuts = new EnumMap<>(Cut.class);

  /** Why a watcher was sent away. */
  enum Cut {
    /** It did not take its message. */
    STUCK,
    /** It gave no sign of life. */
    SILENT,
    /** Its stream is no more. */
    STREAM_ENDED,
    /** Its stream does not take it. */
    REFUSED,
    /** The coordinator stops. */
    STOPPING
  }

  GatewayCounts() {
    for (Outlet.Kind kind : Outlet.Kind.values()) {
      watchers.put(kind, new AtomicInteger());
    }
    for (Cut cut : Cut.values()) {
      cuts.put(cut, new LongAdder());
    }
  }

  void came(Outlet.Kind kind) {
    of(watchers, kind).incrementAndGet();
  }

  void left(Outlet.Kind kind) {
    of(watchers, kind).decrementAndGet();
  }

  void cut(Cut reason) {
    of(cuts, reason).increment();
  }

  @Override
  public void tell(Figures figures) {
    watchers.forEach(
        (kind, count) ->
            figures.gauge(
                "streams_connections",
                "Who watches streams over HTTP.",
                (long) count.get(),
                "kind",
                lower(kind)));
    figures.counter("streams_frames_sent", "States sent to watchers over HTTP.", framesSent.sum());
    figures.counter(
        "streams_frames_skipped",
        "States that were not sent to watchers who want all, because there was a newer one.",
        framesSkipped.sum());
    figures.counter(
        "streams_scenes_missed", "Scenes that a watcher was not told of.", scenesMissed.sum());
    cuts.forEach(
        (reason, count) ->
            figures.counter(
                "streams_watchers_cut",
                "Watchers that were sent away.",
                count.sum(),
                "reason",
                lower(reason)));
  }

  private static <E, C> C of(Map<E, C> counts, E constant) {
    return Objects.requireNonNull(counts.get(constant));
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
