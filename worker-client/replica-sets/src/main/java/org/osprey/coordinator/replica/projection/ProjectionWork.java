package org.osprey.coordinator.replica.projection;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.osprey.coordinator.replica.member.Assignment;
import org.osprey.coordinator.replica.member.Work;

/** All projections of a worker, run anew for each generation. */
final class ProjectionWork implements Work {
  private final Map<Projection, ProjectionStats> projections = new LinkedHashMap<>();
  private final ProjectionRun.Settings settings;
  private final LongAdder generations = new LongAdder();

  /** Set by the member's thread, read by its heartbeats and by who wakes them. */
  private volatile List<ProjectionRun> runs = List.of();

  /** Told when a batch was refused, so that the member need not find out by itself. */
  private volatile Runnable refused = () -> {};

  ProjectionWork(List<Projection> projections, ProjectionRun.Settings settings) {
    projections.forEach(each -> this.projections.put(each, new ProjectionStats()));
    this.settings = settings;
  }

  void onRefused(Runnable listener) {
    refused = listener;
  }

  @Override
  public void start(Assignment assignment) {
    generations.increment();
    runs =
        projections.entrySet().stream()
            .map(
                each ->
                    new ProjectionRun(
                        each.getKey(), assignment, settings, each.getValue(), refused))
            .toList();
    runs.forEach(ProjectionRun::start);
  }

  @Override
  public boolean stop() {
    runs.forEach(ProjectionRun::stop);
    return runs.stream().allMatch(ProjectionRun::ended);
  }

  /** There may be new events. */
  void wake() {
    runs.forEach(ProjectionRun::wake);
  }

  /** How many generations it has begun. */
  long generations() {
    return generations.sum();
  }

  /** By the names of the projections. */
  Map<String, ProjectionStats> stats() {
    Map<String, ProjectionStats> stats = new LinkedHashMap<>();
    projections.forEach((projection, each) -> stats.put(projection.name(), each));
    return stats;
  }

  @Override
  public long stuckNanos(long nowNanos) {
    return runs.stream().mapToLong(run -> run.stuckNanos(nowNanos)).max().orElse(0);
  }
}
