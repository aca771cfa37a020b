package org.osprey.coordinator.collectors.flow;

import com.google.errorprone.annotations.ThreadSafe;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.osprey.coordinator.core.HistogramStats;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;

/** The pool, and which lane is served by whom. */
@ThreadSafe
@SuppressWarnings("ThreadSafe") // the list is filled by the constructor alone
final class Workers {
  private final List<Worker> workers = new ArrayList<>();

  Workers(
      int count,
      Publisher subjects,
      Publisher actions,
      Lanes lanes,
      Ticker ticker,
      Intake.Wakers wakers) {
    for (int number = 0; number < count; number++) {
      workers.add(new Worker(number, subjects, actions, lanes, ticker, wakers));
    }
  }

  List<Worker> all() {
    return workers;
  }

  List<SupervisedLoop> loops() {
    return workers.stream().flatMap(worker -> worker.loops().stream()).toList();
  }

  /** Gives each worker as many lanes as the others have, the same ones in each process. */
  void assign(List<Lane> lanes) {
    List<Lane> sorted =
        lanes.stream()
            .sorted(
                Comparator.comparingInt((Lane lane) -> lane.name().hashCode())
                    .thenComparing(Lane::name))
            .toList();
    for (int i = 0; i < sorted.size(); i++) {
      sorted.get(i).assign(i % workers.size());
    }
    workers.forEach(worker -> worker.parking().wake());
  }

  /** Wakes who serves the lane: the one it is pinned to, or any that has nothing to do. */
  void wake(Lane lane) {
    int home = lane.home();
    if (workers.get(home).parking().wakeIfParked() || lane.ordered()) {
      return;
    }
    for (Worker worker : workers) {
      if (worker.parking().wakeIfParked()) {
        return;
      }
    }
  }

  HistogramStats processing() {
    return workers.stream()
        .map(worker -> worker.timings().processing())
        .reduce(HistogramStats::plus)
        .orElseThrow();
  }

  HistogramStats emitToPublish() {
    return workers.stream()
        .map(worker -> worker.timings().emitToPublish())
        .reduce(HistogramStats::plus)
        .orElseThrow();
  }
}
