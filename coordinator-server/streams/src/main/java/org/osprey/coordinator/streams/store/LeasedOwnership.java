package org.osprey.coordinator.streams.store;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.Measured;
import org.osprey.coordinator.core.Outage;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.streams.Hold;
import org.osprey.coordinator.streams.Ownership;
import org.osprey.coordinator.streams.SnapshotStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shares the partitions among the coordinators of a database: each claims its part, renews that in
 * rounds, and takes what those leave who are gone. What could not be renewed is given up after two
 * thirds of a lease's life, by this process's own clock, so before anyone else can have it. The
 * embedded database has one coordinator, which has everything until it closes.
 */
@ThreadSafe
public final class LeasedOwnership implements Ownership, Supervised, Measured {
  private static final Logger log = LoggerFactory.getLogger(LeasedOwnership.class);
  private static final String COMPONENT = "streams ownership";
  private static final Duration STUCK_AFTER = Duration.ofMinutes(3);

  /** Of its two steps each. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  /** Compared by subtraction it is always to come. */
  private static final long FOR_EVER = Long.MAX_VALUE / 2;

  private final String instance;
  private final Told told = new Told();
  private final Outage outage = new Outage(COMPONENT);

  @SuppressWarnings("ThreadSafe") // it does not change
  private final PartitionTable table;

  @SuppressWarnings("ThreadSafe") // what changes belongs to the loop
  private final LeaseKeeper keeper;

  private final Leases leases;
  private final SupervisedLoop loop;
  private volatile boolean open;

  /**
   * @param database has the tables of {@link DatabaseSnapshots#FEATURE}; closed by its owner, after
   *     this
   * @param instance the name of this coordinator, which no other that lives has
   * @param interval between rounds
   * @param life of a lease that is not renewed: how long others wait before they take over from a
   *     coordinator that died; at least twice the interval
   * @throws IllegalArgumentException naming what is wrong
   */
  public LeasedOwnership(
      Database database,
      SnapshotStore snapshots,
      String instance,
      Duration interval,
      Duration life,
      Ticker ticker) {
    if (!interval.isPositive() || life.compareTo(interval.multipliedBy(2)) < 0) {
      throw new IllegalArgumentException(
          "life of a lease must be at least twice the interval of %s, got %s"
              .formatted(interval, life));
    }
    this.instance = instance;
    table = new PartitionTable(database, instance, life);
    boolean shared = database.isShared();
    long safe = shared ? life.toNanos() / 3 * 2 : FOR_EVER;
    keeper =
        new LeaseKeeper(
            table,
            snapshots,
            told,
            new LeaseKeeper.Terms(interval.toNanos(), safe, shared),
            outage,
            ticker);
    leases = keeper.leases();
    loop = new SupervisedLoop("streams-ownership", ticker, STUCK_AFTER, this::step);
  }

  @Override
  public void tell(Listener listener) {
    told.listener(listener);
  }

  /** After {@link #tell}. */
  @Override
  public void start() {
    open = true;
    loop.start();
  }

  @Override
  public @Nullable String owner(int partition) {
    if (leases.has(partition)) {
      return instance;
    }
    Round round = keeper.last();
    String owner = round == null ? null : round.owners().get(partition);
    // Ours by the table, but not held: it will be claimed anew.
    return instance.equals(owner) ? null : owner;
  }

  @Override
  public long heldUntil(Hold hold) {
    Lease lease = leases.get(hold);
    return lease == null ? Long.MIN_VALUE : lease.until();
  }

  @Override
  public List<String> instances() {
    Round round = keeper.last();
    return round == null ? List.of(instance) : round.living();
  }

  @Override
  public Check check() {
    Check running = loop.check();
    if (!running.healthy()) {
      return Check.failed(COMPONENT, running.detail());
    }
    String trouble = outage.trouble();
    if (trouble != null) {
      return Check.failed(COMPONENT, trouble);
    }
    return keeper.last() == null
        ? Check.failed(COMPONENT, "nothing claimed yet")
        : Check.ok(
            COMPONENT,
            "held=%d of=%d instances=%d"
                .formatted(leases.size(), Hold.PARTITIONS, instances().size()));
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  @Override
  public void tell(Figures figures) {
    keeper.counts().tell(figures, leases.size());
  }

  /** Others may have everything at once. */
  @Override
  public void close() {
    if (!open) {
      return;
    }
    open = false;
    if (!loop.close(CLOSE_TIMEOUT)) {
      log.warn("loop did not end in time, others wait for its leases to end: loop={}", loop.name());
      return;
    }
    // The loop has ended, so what it owned is ours.
    keeper.endAll();
    leave();
  }

  private void leave() {
    try {
      table.leave().toCompletableFuture().get(CLOSE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.warn("others will take this coordinator for dead only later: cause=\"{}\"", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void step() throws InterruptedException {
    keeper.step(loop::closing);
  }
}
