package org.osprey.coordinator.collectors.flow;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.osprey.coordinator.collectors.flow.SpillStore.SpillException;
import org.osprey.coordinator.collectors.flow.SpillStore.Totals;
import org.osprey.coordinator.core.Backoff;
import org.osprey.coordinator.core.Outage;
import org.osprey.coordinator.core.Signal;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;

/**
 * Moves events between rings and disk, for all lanes, in one loop, so that no worker waits for a
 * disk. Its fields belong to the loop, but for the signal.
 */
@ThreadSafe
@SuppressWarnings("ThreadSafe")
final class Spiller implements Supervised {
  private static final Duration STUCK_AFTER = Duration.ofMinutes(3);

  /** What gathered in this time makes a row. */
  private static final Duration GATHER = Duration.ofMillis(100);

  private static final Duration LONGEST_REST = Duration.ofSeconds(1);
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);

  private final SpillStore store;
  private final Lanes lanes;
  private final Ticker ticker;
  private final Intake.Wakers wakers;
  private final Consumer<String> recovery;
  private final Backoff backoff;
  private final StoredBytes stored;
  private final Map<Lane, Backlog> backlogs = new LinkedHashMap<>();
  private final Outage outage = new Outage("collectors spill");
  private final Signal signal = new Signal();
  private final SupervisedLoop loop;

  /** Read by others. */
  private volatile boolean recovered;

  private long gathered;

  /** Whether a row was written in this step, so that there may be more to write. */
  private boolean wrote;

  /**
   * @param recovery makes a lane for a collector that has rows and none
   */
  Spiller(
      SpillStore store,
      long mostBytes,
      Lanes lanes,
      Ticker ticker,
      RandomGenerator random,
      Intake.Wakers wakers,
      Consumer<String> recovery) {
    this.store = store;
    this.lanes = lanes;
    this.ticker = ticker;
    this.wakers = wakers;
    this.recovery = recovery;
    backoff = new Backoff(GATHER, LONGEST_BACKOFF, random::nextDouble);
    stored = new StoredBytes(store, mostBytes);
    loop = new SupervisedLoop("collectors-spiller", ticker, STUCK_AFTER, this::step);
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  Outage outage() {
    return outage;
  }

  /** Any thread: whether it is known what an earlier process left. */
  boolean recovered() {
    return recovered;
  }

  /** Any thread. */
  void wake() {
    signal.wake();
  }

  private void step() throws InterruptedException {
    boolean well = recovered || attempt(lanes.all(), this::recover);
    wrote = false;
    if (recovered) {
      long now = ticker.nanos();
      boolean due = now - gathered >= GATHER.toNanos();
      gathered = due ? now : gathered;
      for (Lane lane : lanes.all()) {
        Backlog backlog =
            backlogs.computeIfAbsent(lane, added -> new Backlog(added, store, stored));
        if (lane.behind()) {
          well &= attempt(List.of(lane), () -> serve(backlog, due));
        }
      }
    }
    rest(well);
  }

  private void rest(boolean well) throws InterruptedException {
    if (!well) {
      signal.await(backoff.next());
      return;
    }
    outage.report(null);
    backoff.reset();
    if (!wrote) {
      boolean busy = backlogs.keySet().stream().anyMatch(Lane::behind);
      signal.await(busy ? GATHER : LONGEST_REST);
    }
  }

  /**
   * @return false when the disk could not be used, of which the lanes know then
   */
  private boolean attempt(List<Lane> concerned, Runnable work) {
    try {
      work.run();
      concerned.forEach(lane -> lane.trouble(null));
      return true;
    } catch (SpillException e) {
      String message = String.valueOf(e.getMessage());
      concerned.forEach(lane -> lane.trouble(message));
      outage.report(message);
      return false;
    }
  }

  /** Finds what an earlier process left; until then no lane is served. */
  private void recover() {
    for (Map.Entry<String, Totals> left : store.totals().entrySet()) {
      recovery.accept(left.getKey());
      Lane lane = lanes.byName().get(left.getKey());
      if (lane != null) {
        lane.recovered(left.getValue().events());
        stored.added(left.getValue().bytes());
      }
    }
    recovered = true;
  }

  private void serve(Backlog backlog, boolean due) {
    Lane lane = backlog.lane();
    boolean any = backlog.delete();
    any |= backlog.read();
    any |= backlog.catchUp();
    if (any) {
      wakers.worker(lane);
    }
    if (backlog.write(due)) {
      wrote = true;
      if (backlog.read()) {
        wakers.worker(lane);
      }
    }
  }

  /**
   * Ends the loop, and deletes what is done with.
   *
   * @return what it had in hand, by lane; nothing when it did not end in time
   */
  Map<Lane, List<Encoded>> end(Duration atMost) {
    signal.wake();
    if (!loop.close(atMost)) {
      return Map.of();
    }
    attempt(List.of(), () -> backlogs.values().forEach(Backlog::delete));
    Map<Lane, List<Encoded>> inHand = new LinkedHashMap<>();
    backlogs.forEach((lane, backlog) -> inHand.put(lane, backlog.inHand()));
    return inHand;
  }
}
