package org.osprey.coordinator.app;

import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.app.config.CoordinatorConfig;
import org.osprey.coordinator.app.config.DatabaseConfig;
import org.osprey.coordinator.app.config.ReplicaSetsConfig;
import org.osprey.coordinator.database.PostgresPool;
import org.osprey.coordinator.http.HttpRoutes;
import org.osprey.coordinator.replicasets.ReplicaSetRoutes;

/** What operators see of replica sets. */
final class ReplicaSetParts {
  /** Connections for those who look. */
  private static final int VIEWERS = 2;

  private ReplicaSetParts() {}

  static HttpRoutes routes(CoordinatorConfig config) {
    return new ReplicaSetRoutes(database(config.replicaSets(), config.database()));
  }

  private static @Nullable PostgresPool database(ReplicaSetsConfig own, DatabaseConfig shared) {
    if (!own.url().isEmpty()) {
      return new PostgresPool(
          "replicaSets", own.url(), own.user(), own.password(), VIEWERS, shared.busyTimeout());
    }
    if (!shared.isPostgres()) {
      return null;
    }
    return new PostgresPool(
        "database", shared.url(), shared.user(), shared.password(), VIEWERS, shared.busyTimeout());
  }
}
