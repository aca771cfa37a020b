package org.osprey.coordinator.replica.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.osprey.coordinator.replica.event.PersistedEvent;
import org.osprey.coordinator.replica.event.PostgresEventStore;
import org.osprey.coordinator.replica.projection.Effects;
import org.osprey.coordinator.replica.projection.HandleContext;
import org.osprey.coordinator.replica.projection.Projection;
import org.osprey.coordinator.replica.projection.ReplicaSetRunner;

/**
 * What runs in a worker's process. Takes names of {@link SelfStopping.Moment} from its input, and
 * ends with it; SIGTERM closes it as a user's program would.
 */
final class WorkerMain {
  private WorkerMain() {}

  /** Leaves a row for each event, and takes its time. */
  private static final class Slow implements Projection {
    private final Effects effects = new Effects(WorkerGroup.PROJECTION);
    private final long nanos;
    private final SelfStopping stopping;

    private Slow(Duration time, SelfStopping stopping) {
      nanos = time.toNanos();
      this.stopping = stopping;
    }

    @Override
    public String name() {
      return effects.name();
    }

    @Override
    public void handle(PersistedEvent event, HandleContext context) throws SQLException {
      stopping.handling();
      if (nanos > 0) {
        LockSupport.parkNanos(nanos);
      }
      effects.handle(event, context);
    }
  }

  /** As {@link WorkerProcess#start} gives them. */
  public static void main(String[] arguments) {
    SelfStopping stopping = new SelfStopping();
    DataSource database = stopping.wrap(pool(arguments));
    ReplicaSetRunner runner =
        ReplicaSetRunner.builder()
            .dataSource(database)
            .eventStore(new PostgresEventStore(database))
            .replicaSet(WorkerGroup.REPLICA_SET)
            .worker(arguments[3])
            .heartbeatInterval(Duration.parse(arguments[4]))
            .staleWorkerTimeout(Duration.parse(arguments[5]))
            .coordinationTimeout(Duration.parse(arguments[6]))
            .batchSize(Integer.parseInt(arguments[7]))
            .build();
    Runtime.getRuntime().addShutdownHook(new Thread(runner::close));
    Thread commands = new Thread(() -> obey(stopping));
    commands.setDaemon(true);
    commands.start();
    runner.run(List.of(new Slow(Duration.parse(arguments[8]), stopping)));
  }

  private static HikariDataSource pool(String[] arguments) {
    HikariConfig pool = new HikariConfig();
    pool.setJdbcUrl(arguments[0]);
    pool.setUsername(arguments[1]);
    pool.setPassword(arguments[2]);
    pool.setMaximumPoolSize(5);
    return new HikariDataSource(pool);
  }

  private static void obey(SelfStopping stopping) {
    try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        stopping.at(SelfStopping.Moment.valueOf(line));
      }
    } catch (IOException e) {
      // The end of the input, in another way.
    }
    Runtime.getRuntime().halt(1);
  }
}
