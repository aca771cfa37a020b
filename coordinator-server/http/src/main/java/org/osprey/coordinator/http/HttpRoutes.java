package org.osprey.coordinator.http;

import io.javalin.router.JavalinDefaultRoutingApi;
import java.util.List;

/** A group of routes that one feature adds to the HTTP port. */
@FunctionalInterface
public interface HttpRoutes {

  /**
   * Called once, before the port opens. The handlers run on virtual threads and may block; to
   * answer with an error they throw a {@link ProblemException}.
   */
  void addTo(JavalinDefaultRoutingApi routes);

  /**
   * What the dashboard shows of the feature: names of files {@code dashboard/views/NAME.js} of the
   * class path. Each exports a {@code view}, as views.js describes it.
   */
  default List<String> views() {
    return List.of();
  }

  /** The port is about to close: those who stay connected for long are to be sent away. */
  default void closing() {}
}
