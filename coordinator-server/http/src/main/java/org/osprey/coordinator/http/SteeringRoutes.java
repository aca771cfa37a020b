package org.osprey.coordinator.http;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpStatus;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.osprey.coordinator.core.Dispatcher;

/** Workers, sources, the queue: what they are at, and what an operator can tell them. */
public final class SteeringRoutes implements HttpRoutes {
  private static final int RECENT = 100;

  private final Operator operator;
  private final InstantSource clock;

  public SteeringRoutes(Operator operator, InstantSource clock) {
    this.operator = operator;
    this.clock = clock;
  }

  @Override
  public void addTo(JavalinDefaultRoutingApi routes) {
    routes.get("/api/actions/recent", this::recent, Need.VIEWER);
    routes.get("/api/workers", this::workers, Need.VIEWER);
    routes.post("/api/workers/{id}/disconnect", this::disconnect, Need.OPERATOR);
    routes.get("/api/sources", this::sources, Need.VIEWER);
    routes.post("/api/sources/{name}/pause", steer(operator.sources()::pause), Need.OPERATOR);
    routes.post("/api/sources/{name}/resume", steer(operator.sources()::resume), Need.OPERATOR);
    routes.get("/api/queue", this::queue, Need.VIEWER);
    routes.post("/api/drain", this::drain, Need.OPERATOR);
  }

  private void recent(Context context) {
    Instant now = clock.instant();
    context.json(
        new Views.RecentActions(
            operator.dispatcher().ended(RECENT).stream()
                .map(action -> Views.RecentAction.of(action, now))
                .toList()));
  }

  private void workers(Context context) {
    Dispatcher dispatcher = operator.dispatcher();
    List<Views.Worker> workers =
        dispatcher.streams(Parameters.limit(context)).stream().map(Views.Worker::of).toList();
    context.json(new Views.Workers(dispatcher.stats().connected(), workers));
  }

  private void disconnect(Context context) {
    String id = context.pathParam("id");
    boolean known =
        id.matches("[0-9]{1,18}") && operator.dispatcher().disconnect(Long.parseLong(id));
    if (!known) {
      throw ProblemException.notFound("id: no stream " + Parameters.shown(id) + " is connected");
    }
    context.status(HttpStatus.ACCEPTED);
  }

  private void sources(Context context) {
    context.json(
        new Views.SourceList(operator.sources().list().stream().map(Views.Source::of).toList()));
  }

  private Handler steer(Consumer<String> order) {
    return context -> {
      String name = context.pathParam("name");
      try {
        order.accept(name);
      } catch (IllegalArgumentException e) {
        throw ProblemException.notFound("name: " + e.getMessage());
      } catch (IllegalStateException e) {
        throw ProblemException.conflict(String.valueOf(e.getMessage()));
      }
      context.json(source(name));
    };
  }

  private Views.Source source(String name) {
    return operator.sources().list().stream()
        .filter(status -> status.name().equals(name))
        .map(Views.Source::of)
        .findFirst()
        .orElseThrow();
  }

  private void queue(Context context) {
    context.json(Views.Queue.of(operator.dispatcher().stats()));
  }

  private void drain(Context context) {
    operator.drain().run();
    context.status(HttpStatus.ACCEPTED);
  }
}
