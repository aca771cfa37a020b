package org.osprey.coordinator.collectors.flow;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collectors.flow.Channel.Outgoing;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;

/**
 * Takes events from lanes in turn and hands them to its two channels. All its fields belong to the
 * loop, but for those that say otherwise.
 */
@ThreadSafe
@SuppressWarnings("ThreadSafe")
final class Worker implements Supervised {
  /** Events of one lane before it is another one's turn. */
  static final int BATCH = 256;

  private static final Duration STUCK_AFTER = Duration.ofMinutes(1);

  /**
   * How long it lets events gather after it had some, without being woken by them: so a stream of
   * events does not wake it for each.
   */
  private static final Duration LINGER = Duration.ofNanos(500_000);

  private static final Duration LONGEST_REST = Duration.ofSeconds(1);

  /** Channels may have to try again by themselves. */
  private static final Duration LONGEST_REST_WITH_EVENTS = Duration.ofMillis(50);

  private final int number;
  private final Publisher subjectPublisher;
  private final Publisher actionPublisher;
  private final Lanes lanes;
  private final Ticker ticker;
  private final Timings timings = new Timings();
  private final Settling settling;
  private final Parking parking = new Parking();
  private final SupervisedLoop loop;

  private @Nullable Channel subjects;
  private @Nullable Channel actions;
  private final Batch subjectBatch = new Batch();
  private final Batch actionBatch = new Batch();
  private int next;
  private boolean active;

  /** Set by others: it takes nothing more, and only settles. */
  private volatile boolean idle;

  /** Set by others: it is to give up what is underway. */
  private volatile boolean ending;

  private final CountDownLatch ended = new CountDownLatch(1);

  /** What was given up, in order; null until then. Read by others. */
  private volatile @Nullable List<Outgoing> left;

  /** Read by others. */
  private volatile int unsettled;

  Worker(
      int number,
      Publisher subjectPublisher,
      Publisher actionPublisher,
      Lanes lanes,
      Ticker ticker,
      Intake.Wakers wakers) {
    this.number = number;
    this.subjectPublisher = subjectPublisher;
    this.actionPublisher = actionPublisher;
    this.lanes = lanes;
    this.ticker = ticker;
    settling = new Settling(lanes.byName(), ticker, timings, wakers);
    loop = new SupervisedLoop("collectors-worker-" + number, ticker, STUCK_AFTER, this::step);
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  Timings timings() {
    return timings;
  }

  Parking parking() {
    return parking;
  }

  /** Any thread. */
  void takeNothingMore() {
    idle = true;
    parking.wake();
  }

  /** Any thread: whether all that it sent is settled, when it takes nothing more. */
  boolean settled() {
    return unsettled == 0;
  }

  /**
   * Any thread.
   *
   * @return what it gave up, in order; null when it did not end in time
   */
  @Nullable List<Outgoing> end(Duration atMost) throws InterruptedException {
    ending = true;
    parking.wake();
    boolean inTime = ended.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    boolean unused = loop.close(inTime ? atMost : Duration.ZERO);
    return left;
  }

  private void step() {
    Channel toSubjects = open(subjects, subjectPublisher);
    subjects = toSubjects;
    Channel toActions = open(actions, actionPublisher);
    actions = toActions;
    if (ended.getCount() == 0) {
      LockSupport.parkNanos(this, LINGER.toNanos());
      return;
    }
    try {
      turn(toSubjects, toActions);
    } catch (InterruptedException e) {
      // Nobody interrupts it; a channel that says so is asked again.
      return;
    }
  }

  private Channel open(@Nullable Channel channel, Publisher publisher) {
    return channel == null ? publisher.open(parking::wake) : channel;
  }

  private void turn(Channel toSubjects, Channel toActions) throws InterruptedException {
    boolean any = settle(toSubjects);
    any |= settle(toActions);
    if (!idle) {
      any |= serve(toSubjects, toActions);
    }
    unsettled = toSubjects.unsettled() + toActions.unsettled();
    if (ending) {
      left = giveUp(toSubjects, toActions);
      ended.countDown();
    } else if (any) {
      active = true;
    } else {
      rest(toSubjects, toActions);
    }
  }

  private boolean settle(Channel channel) throws InterruptedException {
    settling.begin();
    channel.settle(settling, Duration.ZERO);
    return settling.end();
  }

  /** Gives each lane its turn, from the one behind the last that was served. */
  private boolean serve(Channel toSubjects, Channel toActions) {
    List<Lane> all = lanes.all();
    int subjectRoom = toSubjects.room();
    int actionRoom = toActions.room();
    int served = 0;
    int begin = next;
    for (int i = 0; i < all.size() && subjectRoom + actionRoom > 0; i++) {
      int at = (begin + i) % all.size();
      Lane lane = all.get(at);
      subjectBatch.reset(subjectRoom);
      actionBatch.reset(actionRoom);
      long start = ticker.nanos();
      int taken = lane.take(number, subjectBatch, actionBatch);
      if (taken > 0) {
        subjectRoom -= subjectBatch.count();
        actionRoom -= actionBatch.count();
        send(lane.router(), subjectBatch, toSubjects);
        send(lane.router(), actionBatch, toActions);
        timings.processed(ticker.nanos() - start, taken);
        served += taken;
        next = at + 1;
      }
    }
    return served > 0;
  }

  private static void send(Router router, Batch batch, Channel channel) {
    if (batch.count() > 0) {
      channel.send(batch.outgoing(router));
    }
  }

  private void rest(Channel toSubjects, Channel toActions) {
    if (active) {
      active = false;
      LockSupport.parkNanos(this, LINGER.toNanos());
      return;
    }
    if (!parking.prepare()) {
      return;
    }
    if (hasWork(toSubjects.room() > 0, toActions.room() > 0) || loop.closing()) {
      parking.cancel();
      return;
    }
    parking.park(unsettled > 0 ? LONGEST_REST_WITH_EVENTS : LONGEST_REST);
  }

  private boolean hasWork(boolean subjectRoom, boolean actionRoom) {
    if (idle || (!subjectRoom && !actionRoom)) {
      return false;
    }
    for (Lane lane : lanes.all()) {
      if (lane.hasWork(number, subjectRoom, actionRoom)) {
        return true;
      }
    }
    return false;
  }

  private List<Outgoing> giveUp(Channel toSubjects, Channel toActions) {
    List<Outgoing> given = new ArrayList<>();
    for (Channel channel : List.of(toSubjects, toActions)) {
      settling.begin();
      given.addAll(channel.abandon(settling));
      boolean unused = settling.end();
      channel.close();
    }
    return given;
  }
}
