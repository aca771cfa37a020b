package org.osprey.coordinator.core;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes deliveries from sources and leases each to one target at a time, until it has an outcome.
 *
 * <p>One lock guards all of it and is held for a few hundred nanoseconds, for a batch of offers
 * some ten microseconds; targets, handles, sinks and dead letters are called without it, on the
 * thread that brought the event. Any thread may call any method, event loops included: only the
 * methods that say so block.
 */
@ThreadSafe
public final class Dispatcher implements Intake {
  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

  private static final Duration LONGEST_DELAY = Duration.ofDays(3650);

  private final Ticker ticker;
  private final InstantSource clock;
  private final @Nullable Tracer tracer;
  private final ReentrantLock lock = new ReentrantLock();

  /** Signalled after every event, as long as somebody waits for one. */
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private final DispatchState state;

  /** Traces nothing. */
  public Dispatcher(
      DispatcherSettings settings,
      Ticker ticker,
      InstantSource clock,
      RandomGenerator random,
      DeadLetters deadLetters,
      @Nullable ResultSink sink) {
    this(settings, ticker, clock, random, deadLetters, sink, null);
  }

  /**
   * @param clock tells when an action is due that is not to be handed over before a certain time
   * @param sink null when results are not published
   * @param tracer null when nothing is traced
   */
  public Dispatcher(
      DispatcherSettings settings,
      Ticker ticker,
      InstantSource clock,
      RandomGenerator random,
      DeadLetters deadLetters,
      @Nullable ResultSink sink,
      @Nullable Tracer tracer) {
    this.ticker = ticker;
    this.clock = clock;
    this.tracer = tracer;
    state =
        new DispatchState(
            settings, new Settlement(sink, deadLetters, new Settling()), random, ticker.nanos());
  }

  // For sources

  @Override
  public Admission offer(Delivery delivery) {
    long wait = wait(delivery);
    return change((state, now) -> state.offer(delivery, wait, now));
  }

  @Override
  public BatchAdmission offer(List<Delivery> deliveries) {
    if (deliveries.size() > LARGEST_BATCH) {
      throw new IllegalArgumentException(
          "batch of " + deliveries.size() + ", wanted at most " + LARGEST_BATCH);
    }
    long[] waits = new long[deliveries.size()];
    for (int i = 0; i < waits.length; i++) {
      waits[i] = wait(deliveries.get(i));
    }
    return change((state, now) -> state.offer(deliveries, waits, now));
  }

  @Override
  public boolean awaitRoom(Duration atMost) throws InterruptedException {
    return await(DispatchState::hasAsyncRoom, atMost);
  }

  @Override
  public @Nullable Tracer tracer() {
    return tracer;
  }

  /** The caller of a sync delivery went away. Its handle hears nothing more. */
  public void cancel(Delivery delivery) {
    run((state, now) -> state.cancel(delivery, now));
  }

  // For targets

  /**
   * A target is there and wants actions; it may get the first before this returns.
   *
   * @param credits how many actions may be out at it at a time
   */
  public WorkerStream connect(String clientId, ActionNames names, int credits, Target target) {
    return change((state, now) -> state.connect(clientId, names, credits, target, now));
  }

  /** The target handled the action of this hand-over, and can take another. */
  public void ack(WorkerStream stream, long ackId, Outcome.Acked acked) {
    run((state, now) -> state.ack(stream, ackId, acked, now));
  }

  /** The target cannot handle the action of this hand-over, and can take another. */
  public void nack(WorkerStream stream, long ackId) {
    run((state, now) -> state.nack(stream, ackId, now));
  }

  /** While a target is not writable it gets no actions, so that nothing piles up before it. */
  public void setWritable(WorkerStream stream, boolean writable) {
    run((state, now) -> state.setWritable(stream, writable, now));
  }

  /** The target wants no more actions; it may still answer for those it has. */
  public void retire(WorkerStream stream) {
    run((state, now) -> state.retire(stream));
  }

  /** The target left in good order: what it had goes to others at once. May be repeated. */
  public void leave(WorkerStream stream) {
    run((state, now) -> state.close(stream, true, now));
  }

  /**
   * The target died: what it had goes to others at once, and its death counts for each of these
   * actions. May be repeated, also after {@link #leave}.
   */
  public void lose(WorkerStream stream) {
    run((state, now) -> state.close(stream, false, now));
  }

  // For the owner

  /** Lets time pass: leases, deadlines, backoffs and idle streams. To be called often. */
  public void tick() {
    run(DispatchState::advance);
  }

  /** Takes nothing more, hands over only what callers wait for, and ends the streams bit by bit. */
  public void drain() {
    run(DispatchState::drain);
  }

  /**
   * Blocks until nothing is out any more, or the time is over.
   *
   * @return whether nothing is out
   */
  public boolean awaitDrained(Duration atMost) throws InterruptedException {
    return await(DispatchState::drained, atMost);
  }

  /** Tells every caller that still waits that nothing will come. */
  public void rejectCallers() {
    run(DispatchState::rejectCallers);
  }

  /** The connected streams, those who hold most first. */
  public List<StreamStats> streams(int limit) {
    return change((state, now) -> state.streams(limit, now));
  }

  /** The actions that ended last, the newest first; at most some hundred are remembered. */
  public List<EndedAction> ended(int limit) {
    return change((state, now) -> state.ended(limit, now));
  }

  /**
   * The stream gets nothing more and ends when nothing is out at it.
   *
   * @return whether there is such a stream
   */
  public boolean disconnect(long streamId) {
    return change((state, now) -> state.disconnect(streamId, now));
  }

  public DispatcherStats stats() {
    return change(DispatchState::stats);
  }

  /** All that is counted, of one moment. */
  public DispatcherPicture picture() {
    return change(DispatchState::picture);
  }

  /** Nanoseconds until it is due, as the wall clock says now. */
  private long wait(Delivery delivery) {
    Instant notBefore = delivery.action().notBefore();
    if (notBefore == null || delivery.lane() == Lane.SYNC) {
      return 0;
    }
    Duration wait = Duration.between(clock.instant(), notBefore);
    if (wait.isNegative()) {
      return 0;
    }
    return wait.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY.toNanos() : wait.toNanos();
  }

  private final class Settling implements Settlement.Listener {
    @Override
    public void stored(Delivery delivery, @Nullable Throwable failure) {
      run((state, now) -> state.stored(delivery, failure, now));
    }

    @Override
    public void resultTooLarge() {
      run((state, now) -> state.count(Count.DEAD_LETTERED_RESULT_TOO_LARGE));
    }
  }

  /** What happens under the lock. */
  private interface Event<T> {
    T apply(DispatchState state, long now);
  }

  private interface QuietEvent {
    void apply(DispatchState state, long now);
  }

  private void run(QuietEvent event) {
    change(
        (state, now) -> {
          event.apply(state, now);
          return true;
        });
  }

  private <T> T change(Event<T> event) {
    T result;
    List<Runnable> effects;
    lock.lock();
    try {
      result = event.apply(state, ticker.nanos());
      effects = state.takeEffects();
      if (lock.hasWaiters(changed)) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
    for (int i = 0; i < effects.size(); i++) {
      perform(effects.get(i));
    }
    return result;
  }

  /** One bad handle must not cost the others their call. */
  private static void perform(Runnable effect) {
    try {
      effect.run();
    } catch (RuntimeException e) {
      log.error("a target or handle threw, which its contract forbids", e);
    }
  }

  private boolean await(Predicate<DispatchState> fact, Duration atMost)
      throws InterruptedException {
    long left = atMost.toNanos();
    lock.lock();
    try {
      while (!fact.test(state) && left > 0) {
        left = changed.awaitNanos(left);
      }
      return fact.test(state);
    } finally {
      lock.unlock();
    }
  }
}
