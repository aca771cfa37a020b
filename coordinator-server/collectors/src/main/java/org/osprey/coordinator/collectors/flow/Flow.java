package org.osprey.coordinator.collectors.flow;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.HistogramStats;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;

/**
 * The way of events from collectors to publishers. It opens and closes channels, and leaves the
 * publishers and the store to those who made them: they start before it and are closed after it.
 */
@ThreadSafe
public final class Flow implements Flows, Component, Supervised {
  private static final String NAME = "collectors flow";

  /** Of a collector that left events on disk and is not configured any more. */
  private static final LaneSettings LEFT_BEHIND = new LaneSettings(0, WhenFull.BLOCK, true, 1);

  private final FlowSettings settings;
  private final SpillStore store;
  private final Ticker ticker;
  private final long epoch;
  private final Budget budget;
  private final Lanes lanes = new Lanes();
  private final Workers workers;
  private final Spiller spiller;
  private final Intake.Wakers wakers = new FlowWakers();

  /** Makes a generator for each lane. */
  @GuardedBy("this")
  private final RandomGenerator random;

  @GuardedBy("this")
  private final Map<String, Intake> intakes = new HashMap<>();

  /** The last one opened, by collector. */
  @GuardedBy("this")
  private final Map<String, Way> ways = new HashMap<>();

  @GuardedBy("this")
  private boolean started;

  @GuardedBy("this")
  private boolean closed;

  /**
   * @param subjects takes what goes to subjects
   * @param actions takes what goes to the queue of actions
   * @param clock tells epochs apart: one that goes back between processes lets events that were
   *     left on disk trade places
   */
  public Flow(
      FlowSettings settings,
      Publisher subjects,
      Publisher actions,
      SpillStore store,
      Ticker ticker,
      InstantSource clock,
      RandomGenerator random) {
    this.settings = settings;
    this.store = store;
    this.ticker = ticker;
    this.random = random;
    epoch = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    budget = new Budget(settings.bufferSize(), settings.bufferBytes());
    workers = new Workers(settings.workers(), subjects, actions, lanes, ticker, wakers);
    RandomGenerator forSpiller = new SplittableRandom(random.nextLong());
    spiller =
        new Spiller(
            store, settings.spillBytes(), lanes, ticker, forSpiller, wakers, this::leftBehind);
  }

  @Override
  public synchronized void start() {
    started = true;
    loops().forEach(SupervisedLoop::start);
  }

  @Override
  public synchronized Entry open(String collector, LaneSettings laneSettings) {
    if (closed) {
      throw new IllegalStateException("the flow is closed, no way in for " + collector);
    }
    Way before = ways.get(collector);
    if (before != null) {
      before.close();
    }
    Intake intake = intake(collector, laneSettings);
    Lane lane = lane(collector);
    Way way = new Way(intake, lane, this::divide);
    ways.put(collector, way);
    lane.apply(laneSettings);
    intake.sample(laneSettings.sample());
    divide();
    return way;
  }

  private synchronized void leftBehind(String collector) {
    Intake unused = intake(collector, LEFT_BEHIND);
  }

  @GuardedBy("this")
  private Intake intake(String collector, LaneSettings laneSettings) {
    Intake known = intakes.get(collector);
    if (known != null) {
      return known;
    }
    Router router = new Router(collector, settings.routes(), settings.subject());
    Lane lane = new Lane(collector, budget, router, laneSettings, !spiller.recovered());
    RandomGenerator ofLane = new SplittableRandom(random.nextLong());
    Intake intake = new Intake(lane, epoch, ticker, ofLane, wakers);
    intakes.put(collector, intake);
    lanes.add(lane);
    workers.assign(lanes.all());
    spiller.wake();
    return intake;
  }

  private Lane lane(String collector) {
    return Objects.requireNonNull(lanes.find(collector));
  }

  /** Those with a way in share what is reserved. */
  private synchronized void divide() {
    budget.divide((int) ways.values().stream().filter(Way::open).count());
  }

  @Override
  public List<LaneStats> stats() {
    return lanes.all().stream().map(Lane::stats).toList();
  }

  @Override
  public Optional<String> trouble(String collector) {
    @Nullable Lane lane = lanes.find(collector);
    return lane == null ? Optional.empty() : Optional.ofNullable(lane.trouble());
  }

  /** How long workers took from taking events to handing them to a channel. */
  public HistogramStats processing() {
    return workers.processing();
  }

  /** From emit until it was published, of events that did not go over the disk. */
  public HistogramStats emitToPublish() {
    return workers.emitToPublish();
  }

  @Override
  public List<SupervisedLoop> loops() {
    List<SupervisedLoop> loops = new ArrayList<>(workers.loops());
    loops.addAll(spiller.loops());
    return loops;
  }

  @Override
  public Check check() {
    String trouble = spiller.outage().trouble();
    return trouble == null
        ? Check.ok(
            NAME, "%d collectors, %d workers".formatted(lanes.all().size(), settings.workers()))
        : Check.failed(NAME, trouble);
  }

  /**
   * Publishes for as long as {@link FlowSettings#drain}, then stores the rest for the next process.
   * What cannot be stored is lost, and counted; nobody is told that it is settled.
   */
  @Override
  public void close() {
    if (!closeWays()) {
      return;
    }
    try {
      new Ending(lanes, workers, spiller, store).run(settings.drain());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * @return whether there is anything to end
   */
  private synchronized boolean closeWays() {
    boolean first = !closed && started;
    closed = true;
    List.copyOf(ways.values()).forEach(Way::close);
    return first;
  }

  private final class FlowWakers implements Intake.Wakers {
    @Override
    public void worker(Lane lane) {
      workers.wake(lane);
    }

    @Override
    public void spiller() {
      spiller.wake();
    }
  }
}
