package org.osprey.coordinator.streams.store;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.Measured;
import org.osprey.coordinator.core.Outage;
import org.osprey.coordinator.core.Signal;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.streams.Hold;
import org.osprey.coordinator.streams.Ownership;
import org.osprey.coordinator.streams.Snapshot;
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

  /** A ticker need not go as fast as a thread sleeps. */
  private static final Duration LONGEST_REST = Duration.ofMillis(200);

  /** Compared by subtraction it is always to come. */
  private static final long FOR_EVER = Long.MAX_VALUE / 2;

  private final String instance;
  private final boolean shared;
  private final long interval;
  private final long safe;
  private final Ticker ticker;

  @SuppressWarnings("ThreadSafe") // it is
  private final SnapshotStore snapshots;

  @SuppressWarnings("ThreadSafe") // it does not change
  private final PartitionTable table;

  private final Leases leases = new Leases();
  private final Signal signal = new Signal();
  private final Outage outage = new Outage(COMPONENT);
  private final SupervisedLoop loop;
  private final LeaseCounts counts = new LeaseCounts();
  private final Told told = new Told();

  /** Null before the first round. */
  private volatile @Nullable Round last;

  private volatile long nextRound;
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
    this.snapshots = snapshots;
    this.instance = instance;
    this.ticker = ticker;
    this.interval = interval.toNanos();
    shared = database.isShared();
    safe = shared ? life.toNanos() / 3 * 2 : FOR_EVER;
    table = new PartitionTable(database, instance, life);
    loop = new SupervisedLoop("streams-ownership", ticker, STUCK_AFTER, this::step);
  }

  @Override
  public void tell(Listener listener) {
    told.listener(listener);
  }

  @Override
  public void start() {
    Listener unused = told.listener();
    open = true;
    nextRound = ticker.nanos();
    loop.start();
  }

  @Override
  public @Nullable String owner(int partition) {
    if (leases.has(partition)) {
      return instance;
    }
    Round round = last;
    String owner = round == null ? null : round.owners().get(partition);
    // Ours by the table, but not held: we claim it anew.
    return instance.equals(owner) ? null : owner;
  }

  @Override
  public long heldUntil(Hold hold) {
    Lease lease = leases.get(hold);
    return lease == null ? Long.MIN_VALUE : lease.until();
  }

  @Override
  public List<String> instances() {
    Round round = last;
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
    return last == null
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
    counts.tell(figures, leases.size());
  }

  /** Others may have everything at once. */
  @Override
  public void close() {
    if (!open) {
      return;
    }
    open = false;
    signal.wake();
    if (!loop.close(CLOSE_TIMEOUT)) {
      log.warn("loop did not end in time, others wait for its leases to end: loop={}", loop.name());
      return;
    }
    // The loop has ended, so what it owned is ours.
    leases.all().forEach(this::end);
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

  /** Does one thing at a time, so that leases are renewed in between. */
  private void step() throws InterruptedException {
    fence();
    if (roundIsDue()) {
      round();
      return;
    }
    Lease surplus = leases.size() > Round.share(instances().size()) ? leases.last() : null;
    if (surplus != null) {
      giveUp(surplus);
      return;
    }
    Lease fresh = leases.first(lease -> !lease.told());
    if (fresh != null) {
      acquire(fresh.hold());
      return;
    }
    rest();
  }

  private boolean roundIsDue() {
    return nextRound - ticker.nanos() <= 0 && (shared || leases.size() < Hold.PARTITIONS);
  }

  @SuppressWarnings("CatchingUnchecked") // whatever it was, the next round may go well
  private void round() throws InterruptedException {
    long began = ticker.nanos();
    nextRound = began + interval;
    try {
      apply(await(table.round(leases.holds())), began + safe);
      outage.report(null);
    } catch (RuntimeException e) {
      counts.renewalFailed();
      outage.report(String.valueOf(e.getMessage()));
    }
  }

  private void apply(Round round, long until) {
    for (Lease lease : leases.all()) {
      if (round.renewed().contains(lease.hold())) {
        leases.put(lease.renewedUntil(until));
      } else {
        log.warn("partition was taken by another: partition={}", lease.hold().partition());
        lose(lease);
      }
    }
    for (Hold hold : round.claimed()) {
      leases.put(new Lease(hold, until, false));
      counts.claimed();
    }
    tellChange(round);
    last = round;
  }

  private void tellChange(Round round) {
    if (!round.claimed().isEmpty() || !instances().equals(round.living())) {
      log.info(
          "partitions are shared: instance={} held={} claimed={} instances={}",
          instance,
          leases.size(),
          round.claimed().size(),
          round.living().size());
    }
  }

  private void acquire(Hold hold) throws InterruptedException {
    List<Snapshot> streams = loaded(hold);
    Lease lease = leases.get(hold);
    if (lease == null) {
      // It ended meanwhile.
      return;
    }
    if (streams == null) {
      giveUp(lease);
      return;
    }
    leases.put(lease.toldNow());
    if (!told.acquired(hold, streams)) {
      giveUp(lease.toldNow());
    }
  }

  /** Null when that failed. */
  @SuppressWarnings("CatchingUnchecked") // one partition that cannot be had leaves the others alone
  private @Nullable List<Snapshot> loaded(Hold hold) throws InterruptedException {
    try {
      return await(load(hold.partition()));
    } catch (RuntimeException e) {
      log.warn(
          "streams cannot be loaded, will try again: partition={} cause=\"{}\"",
          hold.partition(),
          e.toString());
      return null;
    }
  }

  /** On a thread of its own, so that a database that hangs does not keep leases from ending. */
  private CompletionStage<List<Snapshot>> load(int partition) {
    return CompletableFuture.supplyAsync(
        () -> snapshots.load(partition),
        task -> Thread.ofVirtual().name("streams-load").start(task));
  }

  /** Gives up what was not renewed in time. */
  private void fence() {
    long now = ticker.nanos();
    for (Lease lease : leases.all()) {
      if (lease.over(now)) {
        log.warn("lease could not be renewed in time: partition={}", lease.hold().partition());
        lose(lease);
      }
    }
  }

  /** It is not ours any more. */
  private void lose(Lease lease) {
    leases.remove(lease.hold());
    tellLost(lease);
  }

  /** It is ours until the listener is done with it. */
  private void end(Lease lease) {
    tellLost(lease);
    leases.remove(lease.hold());
  }

  private void giveUp(Lease lease) {
    end(lease);
    // If this fails, the lease ends by itself.
    table.free(lease.hold()).whenComplete((rows, failure) -> {});
  }

  private void tellLost(Lease lease) {
    counts.lost();
    if (lease.told()) {
      told.lost(lease.hold());
    }
  }

  /** Leases end on time meanwhile. */
  private <T> T await(CompletionStage<T> stage) throws InterruptedException {
    CompletableFuture<T> answer =
        stage.whenComplete((value, failure) -> signal.wake()).toCompletableFuture();
    while (!answer.isDone()) {
      if (loop.closing()) {
        throw new InterruptedException("closing");
      }
      signal.await(LONGEST_REST);
      fence();
    }
    return Database.join(answer);
  }

  private void rest() throws InterruptedException {
    long left = Math.max(nextRound - ticker.nanos(), 0);
    long most = LONGEST_REST.toNanos();
    signal.await(Duration.ofNanos(shared ? Math.min(left, most) : most));
  }
}
