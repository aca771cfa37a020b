package example;

import com.zaxxer.hikari.HikariDataSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.osprey.coordinator.replica.event.PostgresEventStore;
import org.osprey.coordinator.replica.projection.Projection;
import org.osprey.coordinator.replica.projection.ReplicaSetRunner;

/**
 * A worker of two replica sets. Each divides its work by itself: what becomes of one does not touch
 * the other, and a process that runs only one of them may stand beside this.
 */
public final class MultipleReplicaSets {
  private static final int CONNECTIONS = 12;

  private MultipleReplicaSets() {}

  public static void main(String... args) throws Exception {
    try (HikariDataSource database = Surroundings.database(CONNECTIONS);
        Health health = new Health(database, Surroundings.port());
        ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread::new)) {
      ReplicaSetRunner.migrate(database);
      UserProjection users = new UserProjection("user_projection");
      UserProjection analytics = new UserProjection("analytics_projection");
      users.createTable(database);
      analytics.createTable(database);

      ReplicaSetRunner main = runner(database, "main-projections", 100);
      ReplicaSetRunner slower = runner(database, "analytics-projections", 1_000);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> close(main, slower)));
      System.out.println("health on port " + health.port());
      threads.execute(() -> main.run(List.<Projection>of(users)));
      threads.execute(() -> slower.run(List.<Projection>of(analytics)));
    }
  }

  private static ReplicaSetRunner runner(DataSource database, String name, int batch) {
    return ReplicaSetRunner.builder()
        .dataSource(database)
        .eventStore(new PostgresEventStore(database))
        .replicaSet(name)
        .batchSize(batch)
        .build();
  }

  private static void close(ReplicaSetRunner... runners) {
    for (ReplicaSetRunner runner : runners) {
      runner.close();
    }
  }
}
