package org.osprey.coordinator.replicasets;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.replica.ReplicaSets;
import org.osprey.coordinator.replica.ReplicaSets.ParkedEvent;
import org.osprey.coordinator.replica.ReplicaSets.ProjectionState;
import org.osprey.coordinator.replica.WorkerState;
import org.osprey.coordinator.replica.event.Slots;

/** The schemas of openapi.yaml that show replica sets. */
final class ReplicaSetViews {
  private static final double MILLIS = 1e3;

  private ReplicaSetViews() {}

  record ReplicaSetList(List<Summary> replicaSets) {}

  record Summary(
      String name,
      long generation,
      Instant since,
      boolean complete,
      Map<String, Integer> workers,
      int projections,
      long lag,
      long parked) {

    static Summary of(ReplicaSets.ReplicaSet set, List<ProjectionState> projections) {
      return new Summary(
          set.name(),
          set.generation(),
          set.since(),
          set.isComplete(),
          byState(set.workers()),
          projections.size(),
          projections.stream().mapToLong(ProjectionState::lag).max().orElse(0),
          projections.stream().mapToLong(ProjectionState::parked).sum());
    }

    private static Map<String, Integer> byState(List<ReplicaSets.Worker> workers) {
      Map<WorkerState, Integer> counts = new EnumMap<>(WorkerState.class);
      workers.forEach(worker -> counts.merge(worker.state(), 1, Integer::sum));
      Map<String, Integer> named = new TreeMap<>();
      counts.forEach((state, count) -> named.put(lower(state), count));
      return named;
    }
  }

  record ReplicaSet(
      String name,
      long generation,
      Instant since,
      boolean complete,
      int slots,
      long lastPosition,
      List<Worker> workers,
      List<Projection> projections) {

    static ReplicaSet of(
        ReplicaSets.ReplicaSet set, List<ProjectionState> projections, long lastPosition) {
      return new ReplicaSet(
          set.name(),
          set.generation(),
          set.since(),
          set.isComplete(),
          Slots.COUNT,
          lastPosition,
          set.workers().stream().map(Worker::of).toList(),
          projections.stream().map(Projection::of).toList());
    }
  }

  /**
   * @param partition missing while it has none
   */
  record Worker(
      String name,
      String state,
      @Nullable Integer partition,
      List<Integer> slots,
      double silentSeconds) {

    static Worker of(ReplicaSets.Worker worker) {
      return new Worker(
          worker.name(),
          lower(worker.state()),
          worker.partition() < 0 ? null : worker.partition(),
          worker.slots().stream().boxed().toList(),
          worker.silent().toMillis() / MILLIS);
    }
  }

  record Projection(String name, long position, long furthest, long lag, long parked) {
    static Projection of(ProjectionState state) {
      return new Projection(
          state.name(), state.behind(), state.ahead(), state.lag(), state.parked());
    }
  }

  record ParkedList(List<Parked> parked) {}

  record Parked(long position, String streamId, String error, boolean released, Instant parkedAt) {
    static Parked of(ParkedEvent event) {
      return new Parked(
          event.position(), event.streamId(), event.error(), event.released(), event.parkedAt());
    }
  }

  record Released(int released) {}

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
