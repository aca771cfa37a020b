package org.osprey.coordinator.replica.example;

import java.util.List;
import javax.sql.DataSource;
import org.osprey.coordinator.replica.event.PostgresEventStore;
import org.osprey.coordinator.replica.projection.ReplicaSetRunner;
import org.postgresql.ds.PGSimpleDataSource;

final class ReadmeExamples {
  private ReadmeExamples() {}

  static void run(DataSource dataSource) {
    ReplicaSetRunner.migrate(dataSource);
    try (ReplicaSetRunner runner =
        ReplicaSetRunner.builder()
            .dataSource(dataSource)
            .eventStore(new PostgresEventStore(dataSource))
            .replicaSet("main-projections")
            .build()) {
      Runtime.getRuntime().addShutdownHook(new Thread(runner::close));
      runner.run(List.of(new UserProjection()));
    }
  }

  static void listen(ReplicaSetRunner.Builder builder, DataSource pool) {
    PGSimpleDataSource plain = new PGSimpleDataSource();
    plain.setUrl(System.getenv("DATABASE_URL"));
    builder.dataSource(pool).listenOn(plain);
  }
}
