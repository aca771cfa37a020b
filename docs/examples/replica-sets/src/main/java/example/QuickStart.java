package example;

import com.zaxxer.hikari.HikariDataSource;
import java.util.List;
import org.osprey.coordinator.replica.event.PostgresEventStore;
import org.osprey.coordinator.replica.projection.ReplicaSetRunner;

/** A worker of one replica set. Start as many as you like, 64 at most have work. */
public final class QuickStart {
  private static final int CONNECTIONS = 6;

  private QuickStart() {}

  public static void main(String... args) throws Exception {
    try (HikariDataSource database = Surroundings.database(CONNECTIONS);
        Health health = new Health(database, Surroundings.port())) {
      ReplicaSetRunner.migrate(database);
      UserProjection users = new UserProjection("user_projection");
      users.createTable(database);

      ReplicaSetRunner runner =
          ReplicaSetRunner.builder()
              .dataSource(database)
              .eventStore(new PostgresEventStore(database))
              .replicaSet("main-projections")
              .build();

      // SIGTERM ends the batch that is running, and the others need not wait.
      Runtime.getRuntime().addShutdownHook(new Thread(runner::close));
      System.out.println("health on port " + health.port());
      runner.run(List.of(users));
    }
  }
}
