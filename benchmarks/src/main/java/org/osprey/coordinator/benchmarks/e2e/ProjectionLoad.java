package org.osprey.coordinator.benchmarks.e2e;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.osprey.coordinator.replica.ReplicaSets;
import org.osprey.coordinator.replica.event.PersistedEvent;
import org.osprey.coordinator.replica.event.PostgresEventStore;
import org.osprey.coordinator.replica.projection.HandleContext;
import org.osprey.coordinator.replica.projection.Projection;
import org.osprey.coordinator.replica.projection.ReplicaSetRunner;

/** Workers of a replica set that have a whole backlog before them. */
final class ProjectionLoad {
  private static final long PATIENCE_SECONDS = 120;

  /** By then everybody has begun who is in the newest generation. */
  private static final int SETTLED_MILLIS = 1_500;

  private final DataSource database;
  private final PostgresEventStore store;
  private final long backlog;

  /** What is done with each event. */
  @FunctionalInterface
  interface Handler {
    Handler NOTHING = (event, context) -> {};

    void handle(PersistedEvent event, HandleContext context) throws Exception;
  }

  /**
   * @param backlog events that the store has
   */
  ProjectionLoad(DataSource database, PostgresEventStore store, long backlog) {
    this.database = database;
    this.store = store;
    this.backlog = backlog;
  }

  private record Counting(Handler handler, LongAdder count) implements Projection {
    @Override
    public String name() {
      return "counting";
    }

    @Override
    public void handle(PersistedEvent event, HandleContext context) throws Exception {
      handler.handle(event, context);
      count.increment();
    }
  }

  /**
   * @param replicaSet begins with the first event, so each call gives another
   * @param share of the backlog after which it ends
   * @return events in a second, of all workers together
   */
  double rate(String replicaSet, int workers, int batch, double share, Handler handler)
      throws InterruptedException {
    HeldBacklog held = new HeldBacklog(store);
    List<Counting> projections =
        Stream.generate(() -> new Counting(handler, new LongAdder())).limit(workers).toList();
    List<ReplicaSetRunner> runners =
        projections.stream().map(projection -> runner(held, replicaSet, batch)).toList();
    try (ExecutorService threads = Executors.newFixedThreadPool(workers)) {
      for (int i = 0; i < workers; i++) {
        ReplicaSetRunner runner = runners.get(i);
        Counting projection = projections.get(i);
        threads.execute(() -> runner.run(List.of(projection)));
      }
      try {
        ReplicaSets sets = new ReplicaSets(database);
        await(
            () ->
                sets.list().stream()
                    .anyMatch(set -> set.name().equals(replicaSet) && set.partitions() == workers));
        TimeUnit.MILLISECONDS.sleep(SETTLED_MILLIS);
        held.open();
        store.notifyReaders();
        await(() -> projections.stream().allMatch(projection -> projection.count.sum() > 0));
        long from = handled(projections);
        long began = System.nanoTime();
        await(() -> handled(projections) >= backlog * share);
        return (handled(projections) - from) * 1e9 / (System.nanoTime() - began);
      } finally {
        runners.forEach(ReplicaSetRunner::close);
      }
    }
  }

  private ReplicaSetRunner runner(HeldBacklog held, String replicaSet, int batch) {
    return ReplicaSetRunner.builder()
        .dataSource(database)
        .eventStore(held)
        .listenOn(database)
        .replicaSet(replicaSet)
        .batchSize(batch)
        .build();
  }

  private static long handled(List<Counting> projections) {
    return projections.stream().mapToLong(projection -> projection.count.sum()).sum();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > limit) {
        throw new AssertionError("not within " + PATIENCE_SECONDS + " s");
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }
}
