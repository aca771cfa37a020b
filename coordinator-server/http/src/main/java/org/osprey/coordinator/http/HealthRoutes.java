package org.osprey.coordinator.http;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.LoopStats;
import org.osprey.coordinator.core.Sources;
import org.osprey.coordinator.core.SupervisedLoop;

/** Whether the coordinator is well, for people and for whoever restarts and routes. */
public final class HealthRoutes implements HttpRoutes {
  private final Operator operator;
  private final Supplier<List<Check>> vital;
  private final List<SupervisedLoop> loops;
  private final @Nullable String eventHubMode;

  /**
   * @param vital the loops without which nothing works: when one is stuck, only a restart helps
   * @param loops all of them
   * @param eventHubMode how tasks come to who works on them; null when there are no tasks
   */
  public HealthRoutes(
      Operator operator,
      Supplier<List<Check>> vital,
      List<SupervisedLoop> loops,
      @Nullable String eventHubMode) {
    this.operator = operator;
    this.vital = vital;
    this.loops = List.copyOf(loops);
    this.eventHubMode = eventHubMode;
  }

  @Override
  public void addTo(JavalinDefaultRoutingApi routes) {
    routes.get("/health", this::health, Need.VIEWER);
    routes.get("/health/live", this::live, Need.ANYBODY);
    routes.get("/health/ready", this::ready, Need.ANYBODY);
  }

  private void health(Context context) {
    List<Check> checks = operator.checks().get();
    boolean well = checks.stream().allMatch(Check::healthy);
    String status = well ? "ok" : "failing";
    Operator.Phase phase = operator.phase().get();
    if (phase != Operator.Phase.RUNNING) {
      status = Views.lower(phase);
    }
    context
        .status(status.equals("ok") ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
        .json(new Views.Health(status, operator.consumerType(), eventHubMode, checks));
  }

  private void live(Context context) {
    answer(context, "alive", "stuck", failures(vital.get()));
  }

  private void ready(Context context) {
    List<String> reasons = new ArrayList<>();
    Operator.Phase phase = operator.phase().get();
    if (phase != Operator.Phase.RUNNING) {
      reasons.add(Views.lower(phase));
    }
    loops.stream()
        .map(SupervisedLoop::stats)
        .filter(loop -> loop.failing() || loop.stuck())
        .forEach(loop -> reasons.add(trouble(loop)));
    reasons.addAll(
        failures(operator.sources().list().stream().map(Sources.Status::check).toList()));
    answer(context, "ready", "not ready", reasons);
  }

  /** Without what was thrown, as anybody may ask. */
  private static String trouble(LoopStats loop) {
    return loop.failing()
        ? "%s: failed and is tried again".formatted(loop.name())
        : "%s: no progress for %d s".formatted(loop.name(), loop.sinceProgress().toSeconds());
  }

  private static List<String> failures(List<Check> checks) {
    return checks.stream()
        .filter(check -> !check.healthy())
        .map(check -> check.component() + ": " + check.detail())
        .toList();
  }

  private static void answer(Context context, String good, String bad, List<String> reasons) {
    boolean well = reasons.isEmpty();
    context
        .status(well ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
        .json(new Views.Status(well ? good : bad, well ? null : reasons));
  }
}
