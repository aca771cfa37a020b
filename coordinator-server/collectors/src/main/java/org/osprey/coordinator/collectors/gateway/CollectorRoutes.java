package org.osprey.coordinator.collectors.gateway;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.util.List;
import java.util.function.Function;
import org.osprey.coordinator.collectors.gateway.CollectorViews.Collector;
import org.osprey.coordinator.collectors.gateway.CollectorViews.CollectorList;
import org.osprey.coordinator.collectors.lifecycle.CollectorOperations;
import org.osprey.coordinator.collectors.lifecycle.CollectorOperations.RefusedException;
import org.osprey.coordinator.collectors.lifecycle.CollectorOperations.ReloadRunningException;
import org.osprey.coordinator.collectors.lifecycle.CollectorOperations.UnknownCollectorException;
import org.osprey.coordinator.collectors.lifecycle.CollectorView;
import org.osprey.coordinator.http.HttpRoutes;
import org.osprey.coordinator.http.Need;
import org.osprey.coordinator.http.ProblemException;
import org.osprey.coordinator.settings.ConfigException;

/** Collectors over HTTP: how they are, and what an operator can tell them. */
public final class CollectorRoutes implements HttpRoutes {
  private static final String COLLECTORS = "/api/collectors";
  private static final String COLLECTOR = COLLECTORS + "/{name}";

  private final CollectorOperations operations;

  public CollectorRoutes(CollectorOperations operations) {
    this.operations = operations;
  }

  @Override
  public void addTo(JavalinDefaultRoutingApi routes) {
    routes.get(COLLECTORS, this::list, Need.VIEWER);
    routes.post(COLLECTORS + "/reload", this::reload, Need.OPERATOR);
    routes.get(COLLECTOR, this::show, Need.VIEWER);
    routes.post(COLLECTOR + "/enable", steer(operations::enable), Need.OPERATOR);
    routes.post(COLLECTOR + "/disable", steer(operations::disable), Need.OPERATOR);
    routes.post(COLLECTOR + "/restart", steer(operations::restart), Need.OPERATOR);
  }

  @Override
  public List<String> views() {
    return List.of("collectors");
  }

  private void list(Context context) {
    context.json(
        new CollectorList(
            operations.list().stream().map(Collector::of).toList(),
            CollectorViews.Reloads.of(operations.reloads())));
  }

  private void show(Context context) {
    String name = context.pathParam("name");
    CollectorView view =
        operations
            .find(name)
            .orElseThrow(() -> ProblemException.notFound("name: there is no such collector"));
    context.json(Collector.of(view));
  }

  private static Handler steer(Function<String, CollectorView> order) {
    return context -> {
      try {
        context.json(Collector.of(order.apply(context.pathParam("name"))));
      } catch (UnknownCollectorException e) {
        throw ProblemException.notFound("name: " + e.getMessage());
      } catch (RefusedException e) {
        throw ProblemException.conflict("name: " + e.getMessage());
      }
    };
  }

  private void reload(Context context) {
    try {
      context.json(operations.reload());
    } catch (ReloadRunningException e) {
      throw ProblemException.conflict(String.valueOf(e.getMessage()));
    } catch (ConfigException e) {
      throw ProblemException.badRequest(refusal(e.mistakes().size()), e.mistakes());
    }
  }

  private static String refusal(int mistakes) {
    String count = mistakes == 1 ? "a mistake" : mistakes + " mistakes";
    return "the configuration has " + count + ", everything stays as it is";
  }
}
