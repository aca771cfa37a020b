package org.osprey.coordinator.http;

import io.javalin.router.JavalinDefaultRoutingApi;

/** A group of routes that one feature adds to the HTTP port. */
@FunctionalInterface
public interface HttpRoutes {

  /**
   * Called once, before the port opens. The handlers run on virtual threads and may block; to
   * answer with an error they throw a {@link ProblemException}.
   */
  void addTo(JavalinDefaultRoutingApi routes);
}
