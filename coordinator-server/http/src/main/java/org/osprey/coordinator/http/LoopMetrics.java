package org.osprey.coordinator.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.LoopStats;
import org.osprey.coordinator.core.Measured;
import org.osprey.coordinator.core.SupervisedLoop;

/** Whether everything turns, and whether it is well. */
final class LoopMetrics implements Measured {
  private final List<SupervisedLoop> loops;
  private final Supplier<List<Check>> checks;

  LoopMetrics(List<SupervisedLoop> loops, Supplier<List<Check>> checks) {
    this.loops = List.copyOf(loops);
    this.checks = checks;
  }

  @Override
  public void tell(Figures figures) {
    Map<String, Integer> names = new HashMap<>();
    loops.forEach(loop -> tell(figures, loop.stats(), unique(loop.name(), names)));
    Map<String, Integer> components = new HashMap<>();
    for (Check check : checks.get()) {
      figures.gauge(
          "component_healthy",
          "1 while its check is good.",
          check.healthy() ? 1 : 0,
          "component",
          unique(check.component(), components));
    }
  }

  private static void tell(Figures figures, LoopStats loop, String name) {
    figures.gauge(
        "loop_since_progress_seconds",
        "Since its last turn that ended well.",
        Views.seconds(loop.sinceProgress()),
        "loop",
        name);
    figures.gauge(
        "loop_stuck", "1 while that is longer than it may be.", loop.stuck() ? 1 : 0, "loop", name);
    figures.counter("loop_failures", "Turns that failed.", loop.failures(), "loop", name);
  }

  /** Two of one name would be added up, and look well when one is not. */
  private static String unique(String name, Map<String, Integer> seen) {
    int count = seen.merge(name, 1, Integer::sum);
    return count == 1 ? name : name + " " + count;
  }
}
