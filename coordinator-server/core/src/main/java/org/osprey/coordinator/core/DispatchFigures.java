package org.osprey.coordinator.core;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What has happened, for those who look: counts, durations, and what ended last. Not thread-safe:
 * the dispatcher's lock guards it.
 */
final class DispatchFigures {
  private final Tally<Count> counts = new Tally<>(Count.class);
  private final Tally<Delivery.State> states = new Tally<>(Delivery.State.class);
  private final Map<Lane, Histogram> queued = histograms();
  private final Map<Lane, Histogram> outstanding = histograms();
  private final EndedActions ended = new EndedActions();

  private static Map<Lane, Histogram> histograms() {
    Map<Lane, Histogram> histograms = new EnumMap<>(Lane.class);
    for (Lane lane : Lane.values()) {
      histograms.put(lane, new Histogram());
    }
    return histograms;
  }

  void count(Count count) {
    counts.increment(count);
  }

  void moved(Delivery.State from, Delivery.State to) {
    states.decrement(from);
    states.increment(to);
  }

  /** Nanoseconds for which an action waited for its first hand-over. */
  void waited(Lane lane, long nanos) {
    Objects.requireNonNull(queued.get(lane)).record(nanos);
  }

  void finished(Delivery delivery, Outcome outcome, long now) {
    Objects.requireNonNull(outstanding.get(delivery.lane())).record(now - delivery.offeredAt);
    ended.add(delivery, outcome, now);
  }

  /** How many deliveries are in such a state; of the first and the last it means nothing. */
  long in(Delivery.State state) {
    return states.get(state);
  }

  Map<Count, Long> counts() {
    return counts.toMap();
  }

  Map<Lane, DurationStats> durations() {
    Map<Lane, DurationStats> durations = new EnumMap<>(Lane.class);
    queued.forEach(
        (lane, waits) ->
            durations.put(
                lane,
                new DurationStats(
                    waits.stats(), Objects.requireNonNull(outstanding.get(lane)).stats())));
    return durations;
  }

  /** The newest first. */
  List<EndedAction> ended(int limit, long now) {
    return ended.last(limit, now);
  }
}
