package org.osprey.coordinator.it;

import java.time.Duration;
import org.osprey.coordinator.database.PostgresPool;
import org.osprey.coordinator.database.PostgresServer;
import org.osprey.coordinator.replica.event.PostgresEventStore;
import org.osprey.coordinator.replicasets.ReplicaSetRoutes;

/**
 * A database with rows as workers of replica sets leave them, and what a coordinator shows of it.
 */
final class ReplicaSetRows {
  static final String MAIN =
      """
      insert into rs_sets (replica_set, generation, partitions, slots)
        values ('main projections', 7, 3, 64);
      insert into rs_workers (replica_set, worker, partition, ready) values
        ('main projections', '17@alpha', 0, 7), ('main projections', '18@beta', 1, 7),
        ('main projections', '19@gamma', 2, 7);
      insert into rs_events (stream_id, version, slot, type, data, metadata)
        select 'order/1', number, 0, 'counted', '', '' from generate_series(1, 1200) as number;
      insert into rs_checkpoints (replica_set, projection, slot, position, generation) values
        ('main projections', 'users', 0, 400, 7), ('main projections', 'users', 1, 600, 7),
        ('main projections', 'bills', 0, 1200, 7);
      insert into rs_parked (replica_set, projection, position, stream_id, slot, error) values
        ('main projections', 'users', 3, 'order/1', 0, 'java.lang.IllegalStateException: no such user'),
        ('main projections', 'users', 4, 'order/1', 0, '');
      """;

  private final PostgresServer server;
  private final String url;
  private final PostgresPool pool;

  ReplicaSetRows(PostgresServer server) {
    this.server = server;
    url = server.newDatabase();
    pool = new PostgresPool("replicaSets", url, "", "", 2, Duration.ofSeconds(1));
    PostgresEventStore.migrate(pool.connections());
  }

  /** Closes the connections with its port. */
  ReplicaSetRoutes routes() {
    return new ReplicaSetRoutes(pool);
  }

  /** Of the database, with user and password. */
  String url() {
    return url;
  }

  void run(String sql) {
    server.execute(url.substring(url.lastIndexOf('/') + 1), sql);
  }
}
