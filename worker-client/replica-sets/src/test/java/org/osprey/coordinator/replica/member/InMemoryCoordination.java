package org.osprey.coordinator.replica.member;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.osprey.coordinator.replica.event.Slots;

/** The same by the same rules, in memory. One thread. */
final class InMemoryCoordination implements Coordination {
  private final LongSupplier clock;
  private final long staleNanos;
  private final Map<String, Worker> workers = new LinkedHashMap<>();
  private long generation;
  private int partitions;

  private static final class Worker {
    private int partition = -1;
    private long ready;
    private long heartbeat;
  }

  InMemoryCoordination(LongSupplier clock, long staleNanos) {
    this.clock = clock;
    this.staleNanos = staleNanos;
  }

  long generation() {
    return generation;
  }

  @Override
  public void check() {}

  @Override
  public void join(String worker) {
    workers.computeIfAbsent(worker, name -> new Worker()).heartbeat = clock.getAsLong();
  }

  @Override
  public boolean heartbeat(String worker, boolean progressing) {
    Worker row = workers.get(worker);
    if (row != null && progressing) {
      row.heartbeat = clock.getAsLong();
    }
    return row != null;
  }

  @Override
  public void ready(String worker, long ready) {
    Worker row = workers.get(worker);
    if (row != null) {
      row.ready = ready;
    }
  }

  @Override
  public Membership look() {
    List<Membership.Row> rows = new ArrayList<>();
    workers.forEach(
        (name, row) -> rows.add(new Membership.Row(name, row.partition, row.ready, alive(row))));
    return new Membership(generation, partitions, rows);
  }

  @Override
  public boolean renew() {
    if (!look().isOutdated()) {
      return false;
    }
    workers.values().removeIf(row -> !alive(row));
    generation++;
    partitions = 0;
    for (Worker row : workers.values()) {
      row.partition = partitions < Slots.COUNT ? partitions++ : -1;
    }
    return true;
  }

  @Override
  public void expel(String worker, long expected) {
    Worker row = workers.get(worker);
    if (generation == expected && row != null && row.ready != expected) {
      workers.remove(worker);
    }
  }

  @Override
  public void leave(String worker) {
    workers.remove(worker);
  }

  private boolean alive(Worker row) {
    return clock.getAsLong() - row.heartbeat < staleNanos;
  }
}
