package org.osprey.coordinator.replicasets;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpStatus;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.RootMessage;
import org.osprey.coordinator.database.PostgresPool;
import org.osprey.coordinator.http.HttpRoutes;
import org.osprey.coordinator.http.Json;
import org.osprey.coordinator.http.Need;
import org.osprey.coordinator.http.Parameters;
import org.osprey.coordinator.http.ProblemException;
import org.osprey.coordinator.replica.ReplicaSets;
import org.osprey.coordinator.replica.event.StoreException;
import org.osprey.coordinator.replicasets.ReplicaSetViews.Parked;
import org.osprey.coordinator.replicasets.ReplicaSetViews.ParkedList;
import org.osprey.coordinator.replicasets.ReplicaSetViews.Released;
import org.osprey.coordinator.replicasets.ReplicaSetViews.ReplicaSetList;
import org.osprey.coordinator.replicasets.ReplicaSetViews.Summary;

/** Replica sets of a database over HTTP: how they are, and what an operator can have them do. */
public final class ReplicaSetRoutes implements HttpRoutes {
  private static final String SETS = "/api/replica-sets";
  private static final String SET = SETS + "/{name}";
  private static final String PROJECTION = SET + "/projections/{projection}";
  private static final int RETRY_SECONDS = 1;

  private final @Nullable PostgresPool database;

  /**
   * @param database closed with the port; null when there is none that could have replica sets
   */
  public ReplicaSetRoutes(@Nullable PostgresPool database) {
    this.database = database;
  }

  @Override
  public void addTo(JavalinDefaultRoutingApi routes) {
    routes.get(SETS, stored(this::list), Need.VIEWER);
    routes.get(SET, stored(this::show), Need.VIEWER);
    routes.get(PROJECTION + "/parked", stored(this::parked), Need.VIEWER);
    routes.post(PROJECTION + "/release", stored(this::release), Need.OPERATOR);
    routes.post(PROJECTION + "/reset", stored(this::reset), Need.OPERATOR);
  }

  /** None where there is nothing to show. */
  @Override
  public List<String> views() {
    return database == null ? List.of() : List.of("replica-sets");
  }

  @Override
  public void closing() {
    if (database != null) {
      database.close();
    }
  }

  /** Says when the database is what keeps a request from being served. */
  private Handler stored(Handler handler) {
    return context -> {
      try {
        handler.handle(context);
      } catch (StoreException e) {
        throw new ProblemException(
            HttpStatus.SERVICE_UNAVAILABLE,
            "%s: %s: %s".formatted(database().place(), e.getMessage(), RootMessage.of(e)),
            RETRY_SECONDS);
      }
    };
  }

  private PostgresPool database() {
    if (database == null) {
      throw new ProblemException(
          HttpStatus.NOT_IMPLEMENTED,
          "replica sets need PostgreSQL: neither replicaSets.url nor database.url names one");
    }
    return database;
  }

  private ReplicaSets sets() {
    return new ReplicaSets(database().connections());
  }

  private void list(Context context) {
    ReplicaSets sets = sets();
    context.json(
        new ReplicaSetList(
            sets.list().stream()
                .map(set -> Summary.of(set, sets.projections(set.name())))
                .toList()));
  }

  private void show(Context context) {
    context.json(found(sets(), name(context)));
  }

  private static ReplicaSetViews.ReplicaSet found(ReplicaSets sets, String name) {
    ReplicaSets.ReplicaSet set =
        sets.find(name)
            .orElseThrow(
                () ->
                    ProblemException.notFound(
                        "name: there is no replica set " + Parameters.shown(name)));
    // The last position after the others, or a projection could be beyond it.
    return ReplicaSetViews.ReplicaSet.of(set, sets.projections(name), sets.lastPosition());
  }

  private void parked(Context context) {
    int limit = Parameters.limit(context);
    ReplicaSets sets = sets();
    String projection = projection(context, sets);
    context.json(
        new ParkedList(
            sets.parked(name(context), projection, limit).stream().map(Parked::of).toList()));
  }

  private record Release(@Nullable String streamId) {}

  private void release(Context context) {
    String stream = Json.read(Parameters.jsonBody(context), Release.class).streamId();
    if (stream == null || stream.isEmpty() || stream.indexOf(0) >= 0) {
      throw ProblemException.badRequest("stream_id: want the stream of a parked event");
    }
    ReplicaSets sets = sets();
    String projection = projection(context, sets);
    int released = sets.release(name(context), projection, stream);
    if (released == 0) {
      throw ProblemException.notFound(
          "stream_id: nothing of " + Parameters.shown(stream) + " is parked");
    }
    context.json(new Released(released));
  }

  private record Reset(@Nullable Long position) {}

  private void reset(Context context) {
    Long position = Json.read(Parameters.jsonBody(context), Reset.class).position();
    ReplicaSets sets = sets();
    String projection = projection(context, sets);
    long last = sets.lastPosition();
    if (position == null || position < 0 || position > last) {
      throw ProblemException.badRequest(
          "position: want from 0 to %d, that of the last event, got %s".formatted(last, position));
    }
    sets.reset(name(context), projection, position);
    context.json(found(sets, name(context)));
  }

  /** One that somebody has run. */
  private static String projection(Context context, ReplicaSets sets) {
    String name = context.pathParam("projection");
    boolean known =
        sets.projections(name(context)).stream().anyMatch(state -> state.name().equals(name));
    if (!known) {
      throw ProblemException.notFound(
          "projection: nobody has run %s in this replica set".formatted(Parameters.shown(name)));
    }
    return name;
  }

  private static String name(Context context) {
    return context.pathParam("name");
  }
}
