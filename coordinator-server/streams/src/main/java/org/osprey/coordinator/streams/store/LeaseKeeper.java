package org.osprey.coordinator.streams.store;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Outage;
import org.osprey.coordinator.core.Signal;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.streams.Hold;
import org.osprey.coordinator.streams.Snapshot;
import org.osprey.coordinator.streams.SnapshotStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this coordinator's share of the partitions. One loop calls {@link #step} and owns what
 * changes here; any thread may look.
 */
final class LeaseKeeper {
  private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);

  /** A ticker need not go as fast as a thread sleeps. */
  private static final Duration LONGEST_REST = Duration.ofMillis(200);

  /** What others give up for us is with nobody until we look. */
  private static final Duration CATCHING_UP = Duration.ofMillis(250);

  /** So that all leases that were renewed together have ended. */
  private static final Duration AFTER_END = Duration.ofMillis(50);

  private final PartitionTable table;
  private final SnapshotStore snapshots;
  private final Told told;
  private final Terms terms;
  private final Outage outage;
  private final Ticker ticker;
  private final Leases leases = new Leases();
  private final LeaseCounts counts = new LeaseCounts();
  private final Signal signal = new Signal();
  private long nextRound;

  /** Null before the first round. */
  private volatile @Nullable Round last;

  /**
   * @param interval between rounds, in nanoseconds
   * @param safe how long a lease lasts after its renewal was begun, in nanoseconds
   * @param shared whether there may be other coordinators
   */
  record Terms(long interval, long safe, boolean shared) {}

  LeaseKeeper(
      PartitionTable table,
      SnapshotStore snapshots,
      Told told,
      Terms terms,
      Outage outage,
      Ticker ticker) {
    this.table = table;
    this.snapshots = snapshots;
    this.told = told;
    this.terms = terms;
    this.outage = outage;
    this.ticker = ticker;
    nextRound = ticker.nanos();
  }

  Leases leases() {
    return leases;
  }

  LeaseCounts counts() {
    return counts;
  }

  /** The last round; null before the first. */
  @Nullable Round last() {
    return last;
  }

  /**
   * Does one thing, so that leases are renewed between two of them.
   *
   * @param closing whether nothing is to be waited for any more
   */
  void step(BooleanSupplier closing) throws InterruptedException {
    fence();
    if (roundIsDue()) {
      round(closing);
      return;
    }
    Lease surplus = leases.size() > share() ? leases.last() : null;
    if (surplus != null) {
      giveUp(surplus);
      return;
    }
    Lease fresh = leases.first(lease -> !lease.told());
    if (fresh != null) {
      acquire(fresh.hold(), closing);
      return;
    }
    if (!closing.getAsBoolean()) {
      rest();
    }
  }

  /** When no step runs any more: gives up everything, as far as the listener is concerned. */
  void endAll() {
    leases.all().forEach(this::end);
  }

  private boolean roundIsDue() {
    return nextRound - ticker.nanos() <= 0 && (terms.shared() || leases.size() < Hold.PARTITIONS);
  }

  private int share() {
    Round round = last;
    return Round.share(round == null ? 1 : round.living().size());
  }

  @SuppressWarnings("CatchingUnchecked") // whatever it was, the next round may go well
  private void round(BooleanSupplier closing) throws InterruptedException {
    long began = ticker.nanos();
    nextRound = began + terms.interval();
    try {
      apply(await(table.round(leases.holds()), closing), began + terms.safe());
      outage.report(null);
    } catch (RuntimeException e) {
      counts.renewalFailed();
      outage.report(String.valueOf(e.getMessage()));
    }
  }

  private void apply(Round round, long until) {
    List<Lease> before = leases.all();
    before.stream()
        .filter(lease -> round.renewed().contains(lease.hold()))
        .forEach(lease -> leases.put(lease.renewedUntil(until)));
    lose(
        before.stream().filter(lease -> !round.renewed().contains(lease.hold())).toList(),
        "somebody else claimed it");
    for (Hold hold : round.claimed()) {
      leases.put(new Lease(hold, until, false));
      counts.claimed();
    }
    tellChange(round);
    last = round;
    round.firstEnd().ifPresent(end -> lookIn(Duration.ofMillis(end).plus(AFTER_END)));
    if (leases.size() < share() && round.isUneven()) {
      lookIn(CATCHING_UP);
    }
  }

  /** Unless the next round is due before. */
  private void lookIn(Duration rest) {
    long look = ticker.nanos() + rest.toNanos();
    if (look - nextRound < 0) {
      nextRound = look;
    }
  }

  private void tellChange(Round round) {
    Round before = last;
    boolean others = before == null || !before.living().equals(round.living());
    if (others || !round.claimed().isEmpty()) {
      log.info(
          "partitions are shared: held={} claimed={} instances={}",
          leases.size(),
          round.claimed().size(),
          round.living().size());
    }
  }

  private void acquire(Hold hold, BooleanSupplier closing) throws InterruptedException {
    List<Snapshot> streams = loaded(hold, closing);
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
  private @Nullable List<Snapshot> loaded(Hold hold, BooleanSupplier closing)
      throws InterruptedException {
    try {
      return await(load(hold.partition()), closing);
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
    lose(leases.all().stream().filter(lease -> lease.over(now)).toList(), "not renewed in time");
  }

  /** They are not ours any more. */
  private void lose(List<Lease> over, String why) {
    if (over.isEmpty()) {
      return;
    }
    log.warn("partitions are lost: count={} cause=\"{}\"", over.size(), why);
    over.forEach(lease -> leases.remove(lease.hold()));
    over.forEach(this::tellLost);
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
  private <T> T await(CompletionStage<T> stage, BooleanSupplier closing)
      throws InterruptedException {
    stage.whenComplete((value, failure) -> signal.wake());
    // Not the stage that follows: that one is done only after the wake.
    CompletableFuture<T> answer = stage.toCompletableFuture();
    while (!answer.isDone()) {
      if (closing.getAsBoolean()) {
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
    signal.await(Duration.ofNanos(terms.shared() ? Math.min(left, most) : most));
  }
}
