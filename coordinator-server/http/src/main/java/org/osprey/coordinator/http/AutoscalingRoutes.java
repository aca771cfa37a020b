package org.osprey.coordinator.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.javalin.router.JavalinDefaultRoutingApi;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.Workload;

/** What an autoscaler needs, of this coordinator alone. */
public final class AutoscalingRoutes implements HttpRoutes {
  private final Dispatcher dispatcher;

  public AutoscalingRoutes(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  @Override
  public void addTo(JavalinDefaultRoutingApi routes) {
    routes.get("/api/autoscaling", context -> context.json(View.of(dispatcher)), Need.VIEWER);
  }

  /**
   * Autoscalers pick fields with an expression of their own, and two of these are in camel case.
   */
  private record View(
      int queued,
      @JsonProperty("oldestSeconds") double oldestSeconds,
      @JsonProperty("inFlight") long inFlight,
      int streams,
      double utilisation) {

    private static View of(Dispatcher dispatcher) {
      Workload workload = Workload.of(dispatcher.stats());
      return new View(
          workload.queued(),
          Views.seconds(workload.oldest()),
          workload.inFlight(),
          workload.streams(),
          workload.utilisation());
    }
  }
}
