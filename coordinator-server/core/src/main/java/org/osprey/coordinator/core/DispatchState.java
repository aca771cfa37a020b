package org.osprey.coordinator.core;

import static org.osprey.coordinator.core.Delivery.State.DELAYED;
import static org.osprey.coordinator.core.Delivery.State.FINISHED;
import static org.osprey.coordinator.core.Delivery.State.HELD;
import static org.osprey.coordinator.core.Delivery.State.LEASED;
import static org.osprey.coordinator.core.Delivery.State.NEW;
import static org.osprey.coordinator.core.Delivery.State.READY;
import static org.osprey.coordinator.core.Delivery.State.SETTLING;
import static org.osprey.coordinator.core.Delivery.State.UNSETTLED;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Intake.Admission;
import org.osprey.coordinator.core.Intake.BatchAdmission;
import org.osprey.coordinator.core.Trace.Answer;

/**
 * The state machine behind the {@link Dispatcher}: who has what, and what follows from an event.
 *
 * <p>Not thread-safe, does no I/O and reads no clock: every event comes with its time, and what the
 * outside has to do is left in {@link #takeEffects}. Between two events there is never a ready
 * action together with a waiting stream that would take it.
 */
final class DispatchState {
  /**
   * A worker that leaves may cross an action on its way, which says nothing about the action; one
   * that every worker leaves with does.
   */
  private static final int RETURNS_PER_DEATH = 20;

  /** As fine as ticks are. */
  private static final Duration TIMER_SLICE = Duration.ofMillis(16);

  private final DispatcherSettings settings;
  private final Storage storage;
  private final RandomGenerator random;
  private final ActionQueue queue;
  private final OrderingKeys keys = new OrderingKeys();
  private final @Nullable RecentOutcomes recent;
  private final WaitingStreams streams = new WaitingStreams();
  private final TimerWheel<DispatchTimer> wheel;
  private final DispatchFigures figures = new DispatchFigures();
  private List<Runnable> effects = new ArrayList<>();
  private long lastAckId;
  private long lastStreamId;
  private boolean draining;

  /** Stores what must be stored before a delivery ends, and reports back to the dispatcher. */
  interface Storage {
    boolean wants(Outcome.Acked acked);

    void store(Delivery delivery, Outcome outcome);
  }

  DispatchState(DispatcherSettings settings, Storage storage, RandomGenerator random, long now) {
    this.settings = settings;
    this.storage = storage;
    this.random = random;
    queue = new ActionQueue(settings);
    recent = settings.recent().isOff() ? null : new RecentOutcomes(settings.recent());
    wheel = new TimerWheel<>(TIMER_SLICE, now);
    // Ids of an earlier run must not be mistaken for ours.
    lastAckId = random.nextLong() >>> 2;
  }

  /** What the events since the last call ask for, in order; to be done without the lock. */
  List<Runnable> takeEffects() {
    if (effects.isEmpty()) {
      // Not the list itself: the caller reads what it gets without the lock.
      return List.of();
    }
    List<Runnable> taken = effects;
    effects = new ArrayList<>(4);
    return taken;
  }

  // Deliveries

  /**
   * @param wait nanoseconds before which it must not be handed over
   */
  Admission offer(Delivery delivery, long wait, long now) {
    if (delivery.state != NEW) {
      throw new IllegalStateException("offered before: " + delivery);
    }
    boolean sync = delivery.lane() == Lane.SYNC;
    if (sync) {
      count(Count.SYNC_OFFERED);
    }
    if (draining) {
      if (sync) {
        count(Count.SYNC_REJECTED_DRAINING);
      }
      return refuse(delivery, Count.REFUSED_DRAINING, Admission.DRAINING, now);
    }
    if (recent != null && answeredFrom(recent, delivery, now)) {
      return Admission.ACCEPTED;
    }
    LaneQueue lane = queue.lane(delivery.lane());
    if (lane.isHopeless(delivery, now) || !lane.reserve(delivery.bytes())) {
      Count full = sync ? Count.SYNC_REFUSED_FULL : Count.ASYNC_REFUSED_FULL;
      return refuse(delivery, full, Admission.FULL, now);
    }
    count(sync ? Count.SYNC_ACCEPTED : Count.ASYNC_ACCEPTED);
    delivery.offeredAt = now;
    delivery.notBefore = now + wait;
    if (delivery.notes != null) {
      delivery.notes.accepted(now, effects);
    }
    if (delivery.hasDeadline()) {
      wheel.arm(delivery, delivery.deadline());
    }
    if (keys.acquire(delivery)) {
      begin(delivery, false, now);
    } else {
      move(delivery, HELD);
    }
    return Admission.ACCEPTED;
  }

  private Admission refuse(Delivery delivery, Count why, Admission admission, long now) {
    count(why);
    // A source offers its delivery again, a caller goes away with it.
    if (delivery.notes != null && delivery.lane() == Lane.SYNC) {
      delivery.notes.refused(now, effects);
    }
    return admission;
  }

  /**
   * Offers one after the other until one is not accepted.
   *
   * @param waits for each of them
   */
  BatchAdmission offer(List<Delivery> deliveries, long[] waits, long now) {
    for (int i = 0; i < waits.length; i++) {
      Admission admission = offer(deliveries.get(i), waits[i], now);
      if (admission != Admission.ACCEPTED) {
        return new BatchAdmission(i, admission);
      }
    }
    return new BatchAdmission(waits.length, Admission.ACCEPTED);
  }

  /** The caller went away and will not be told anything. */
  void cancel(Delivery delivery, long now) {
    if (delivery.answered || delivery.state == NEW) {
      return;
    }
    delivery.answered = true;
    count(Count.CALLERS_GONE);
    if (delivery.state != SETTLING && delivery.state != UNSETTLED) {
      finish(delivery, new Outcome.Expired(), now);
    }
  }

  void stored(Delivery delivery, @Nullable Throwable failure, long now) {
    if (delivery.state != SETTLING || delivery.settlingAs == null) {
      return;
    }
    if (failure == null) {
      finish(delivery, delivery.settlingAs, now);
      return;
    }
    count(Count.STORE_FAILURES);
    move(delivery, UNSETTLED);
    wheel.arm(delivery, now + delay(++delivery.storeFailures));
  }

  // Streams

  WorkerStream connect(String clientId, ActionNames names, int credits, Target target, long now) {
    count(Count.STREAMS_CONNECTED);
    long idle = settings.idleStream().toNanos();
    long idleLimit = (long) (idle * (2 + 2 * random.nextDouble()) / 3);
    WorkerStream stream =
        new WorkerStream(
            ++lastStreamId, clientId, streams.pool(names), credits, target, idleLimit, now);
    streams.join(stream);
    wheel.arm(stream, stream.idleUntil(now));
    serve(stream, now);
    return stream;
  }

  void setWritable(WorkerStream stream, boolean writable, long now) {
    stream.setWritable(writable);
    if (!stream.closed()) {
      serve(stream, now);
    }
  }

  void ack(WorkerStream stream, long ackId, Outcome.Acked acked, long now) {
    Lease lease = answered(stream, ackId, now);
    if (lease == null) {
      return;
    }
    stream.acks++;
    Delivery delivery = lease.delivery;
    if (lease.current() || honoured(lease)) {
      noteAnswer(delivery, lease.current() ? Answer.ACKED : Answer.ABANDONED, now);
      count(delivery.lane() == Lane.SYNC ? Count.SYNC_ACKED : Count.ASYNC_ACKED);
      if (storage.wants(acked)) {
        settle(delivery, acked);
      } else {
        finish(delivery, acked, now);
      }
    } else {
      count(Count.LATE_ANSWERS_IGNORED);
    }
    serve(stream, now);
  }

  void nack(WorkerStream stream, long ackId, long now) {
    Lease lease = answered(stream, ackId, now);
    if (lease == null) {
      return;
    }
    stream.nacks++;
    if (lease.current()) {
      nacked(lease.delivery, now);
    } else {
      count(Count.LATE_ANSWERS_IGNORED);
    }
    serve(stream, now);
  }

  /**
   * The stream gets nothing more and ends when nothing is out at it.
   *
   * @return whether there is such a stream
   */
  boolean disconnect(long id, long now) {
    WorkerStream stream = streams.find(id);
    if (stream == null) {
      return false;
    }
    if (stream.idle()) {
      end(stream);
    } else {
      retire(stream);
    }
    return true;
  }

  void retire(WorkerStream stream) {
    stream.retire();
    streams.remove(stream);
  }

  /**
   * @param inGoodOrder whether the worker said that it leaves
   */
  void close(WorkerStream stream, boolean inGoodOrder, long now) {
    if (stream.closed()) {
      return;
    }
    count(Count.STREAMS_CLOSED);
    wheel.disarm(stream);
    streams.leave(stream);
    for (Lease lease : stream.close()) {
      wheel.disarm(lease);
      if (lease.current()) {
        lost(lease.delivery, inGoodOrder, now);
      }
    }
  }

  // Time and the end

  void advance(long now) {
    wheel.advance(
        now,
        timer -> {
          switch (timer) {
            case Delivery delivery -> wake(delivery, now);
            case Lease lease -> expire(lease, now);
            case WorkerStream stream -> endIfIdle(stream, now);
          }
        });
  }

  void drain(long now) {
    draining = true;
    streams.waiting().forEach(stream -> serve(stream, now));
  }

  /** Nothing is out, nothing is being stored, no caller waits. */
  boolean drained() {
    return figures.in(LEASED) + figures.in(SETTLING) + figures.in(UNSETTLED) == 0
        && queue.lane(Lane.SYNC).accepted() == 0;
  }

  /** Tells every caller that still waits that nothing will come. */
  void rejectCallers(long now) {
    draining = true;
    for (DispatchTimer timer : wheel.armed()) {
      if (timer instanceof Delivery delivery && delivery.lane() == Lane.SYNC) {
        if (!delivery.answered) {
          count(Count.SYNC_REJECTED_DRAINING);
        }
        finish(delivery, new Outcome.Rejected(Outcome.Rejected.Reason.SHUTTING_DOWN), now);
      }
    }
  }

  boolean hasAsyncRoom() {
    return queue.lane(Lane.ASYNC).hasRoom(ActionQueue.OVERHEAD_BYTES);
  }

  DispatcherStats stats(long now) {
    return new DispatcherStats(
        figures.counts(),
        queue.lane(Lane.SYNC).stats(now),
        queue.lane(Lane.ASYNC).stats(now),
        figures.in(LEASED),
        figures.in(DELAYED),
        figures.in(HELD),
        figures.in(SETTLING) + figures.in(UNSETTLED),
        streams.connected(),
        streams.waitingCount(),
        streams.credits());
  }

  DispatcherPicture picture(long now) {
    return new DispatcherPicture(stats(now), figures.durations());
  }

  /** Those who hold most first. */
  List<StreamStats> streams(int limit, long now) {
    return streams.busiest(limit).stream().map(stream -> stream.stats(now)).toList();
  }

  /** The newest first. */
  List<EndedAction> ended(int limit, long now) {
    return figures.ended(limit, now);
  }

  // Transitions

  /** A replay of an action that a worker has handled lately gets the same answer. */
  private boolean answeredFrom(RecentOutcomes known, Delivery delivery, long now) {
    Outcome.Acked acked = known.find(delivery.action().id(), now);
    if (acked == null) {
      return false;
    }
    count(Count.ANSWERED_FROM_RECENT);
    move(delivery, FINISHED);
    answer(delivery, acked);
    noteEnd(delivery, acked, now);
    return true;
  }

  /** Its turn has come, but perhaps not its time. */
  private void begin(Delivery delivery, boolean first, long now) {
    if (delivery.notBefore - now <= 0) {
      ready(delivery, first, now);
      return;
    }
    count(Count.ASYNC_DELAYED);
    move(delivery, DELAYED);
    wheel.arm(delivery, delivery.notBefore);
  }

  /** Gives an action to a stream that waits, or lets it wait. */
  private void ready(Delivery delivery, boolean first, long now) {
    if (delivery.expired(now)) {
      expire(delivery, now);
      return;
    }
    move(delivery, READY);
    boolean stays = draining && delivery.lane() == Lane.ASYNC;
    WorkerStream stream = stays ? null : streams.take(delivery.action().name());
    if (stream != null) {
      lease(delivery, stream, now);
      serve(stream, now);
    } else if (first) {
      queue.lane(delivery.lane()).addFirst(delivery);
    } else {
      queue.lane(delivery.lane()).addLast(delivery);
    }
  }

  /** Gives a stream what it can take, then lets it wait, or ends it when the server drains. */
  private void serve(WorkerStream stream, long now) {
    while (stream.canTake()) {
      Delivery next = queue.take(stream.names(), draining, now);
      if (next == null) {
        if (draining && stream.idle()) {
          end(stream);
        } else {
          streams.add(stream);
        }
        return;
      }
      if (next.expired(now)) {
        expire(next, now);
      } else {
        lease(next, stream, now);
      }
    }
    streams.remove(stream);
    if (stream.finished()) {
      effects.add(stream.target::end);
    }
  }

  private void lease(Delivery delivery, WorkerStream stream, long now) {
    count(Count.LEASED);
    if (delivery.lease == null && delivery.lastError == null) {
      figures.waited(delivery.lane(), now - delivery.notBefore);
    }
    Lease lease = new Lease(++lastAckId, delivery, stream);
    delivery.lease = lease;
    move(delivery, LEASED);
    stream.add(lease);
    streams.leased(stream);
    wheel.arm(lease, now + settings.leases().nanos(delivery.action().name()));
    if (delivery.notes != null) {
      delivery.notes.leased(stream.clientId(), now, effects);
    }
    effects.add(() -> stream.target.lease(lease));
  }

  private @Nullable Lease answered(WorkerStream stream, long ackId, long now) {
    Lease lease = stream.answered(ackId, now);
    if (lease == null) {
      count(Count.UNKNOWN_ACK_IDS);
    } else {
      streams.answered(stream);
      wheel.disarm(lease);
    }
    return lease;
  }

  /** Whether an ack after the lease's time still spares the action another try. */
  private boolean honoured(Lease lease) {
    Delivery delivery = lease.delivery;
    boolean unfinished =
        delivery.state == READY || delivery.state == DELAYED || delivery.state == LEASED;
    if (unfinished) {
      count(Count.LATE_ACKS_HONOURED);
      queue.lane(delivery.lane()).remove(delivery);
    }
    return unfinished;
  }

  private void nacked(Delivery delivery, long now) {
    delivery.nacks++;
    note(delivery, "nacked by");
    noteAnswer(delivery, Answer.NACKED, now);
    if (delivery.lane() == Lane.SYNC) {
      count(Count.SYNC_NACKED);
      finish(delivery, new Outcome.Nacked(), now);
      return;
    }
    count(Count.ASYNC_NACKED);
    if (delivery.nacks >= settings.retries().nacks()) {
      giveUp(delivery, DeadLetter.Reason.NACKED, now);
    } else {
      count(Count.REDELIVERED_NACKED);
      retry(delivery, delivery.nacks, now);
    }
  }

  /** The stream ended with the action in hand: somebody else gets it at once. */
  private void lost(Delivery delivery, boolean inGoodOrder, long now) {
    count(inGoodOrder ? Count.LEASES_RETURNED : Count.LEASES_LOST);
    note(delivery, inGoodOrder ? "returned by" : "lost with");
    noteAnswer(delivery, inGoodOrder ? Answer.RETURNED : Answer.LOST, now);
    delivery.lease = null;
    boolean harmless = inGoodOrder && ++delivery.returns % RETURNS_PER_DEATH != 0;
    if (!harmless && ++delivery.deaths >= settings.retries().deaths()) {
      giveUp(delivery, DeadLetter.Reason.WORKERS_LOST, now);
    } else {
      count(inGoodOrder ? Count.REDELIVERED_RETURNED : Count.REDELIVERED_LOST);
      ready(delivery, true, now);
    }
  }

  /** The worker holds on to the action: the lease stays out until it answers or is gone. */
  private void expire(Lease lease, long now) {
    WorkerStream stream = lease.stream;
    stream.overdue(lease);
    streams.remove(stream);
    if (!lease.current()) {
      return;
    }
    count(Count.LEASES_EXPIRED);
    Delivery delivery = lease.delivery;
    note(delivery, "not answered in time by");
    noteAnswer(delivery, Answer.EXPIRED, now);
    delivery.lease = null;
    if (++delivery.deaths >= settings.retries().deaths()) {
      giveUp(delivery, DeadLetter.Reason.WORKERS_LOST, now);
    } else {
      count(Count.REDELIVERED_EXPIRED);
      retry(delivery, delivery.deaths, now);
    }
  }

  /** What went wrong with the current hand-over, for those who read dead letters. */
  private static void note(Delivery delivery, String what) {
    if (delivery.lease != null) {
      delivery.lastError = what + " worker " + delivery.lease.stream().clientId();
    }
  }

  private void noteAnswer(Delivery delivery, Answer answer, long now) {
    if (delivery.notes != null) {
      delivery.notes.answered(answer, now, effects);
    }
  }

  private void noteEnd(Delivery delivery, Outcome outcome, long now) {
    if (delivery.notes != null) {
      delivery.notes.ended(outcome, now, effects);
    }
  }

  private void retry(Delivery delivery, int failures, long now) {
    move(delivery, DELAYED);
    long at = now + delay(failures);
    wheel.arm(delivery, delivery.hasDeadline() ? Math.min(at, delivery.deadline()) : at);
  }

  private void giveUp(Delivery delivery, DeadLetter.Reason reason, long now) {
    switch (reason) {
      case NACKED -> count(Count.DEAD_LETTERED_NACKED);
      case WORKERS_LOST -> count(Count.DEAD_LETTERED_WORKERS_LOST);
      case UNDECODABLE, RESULT_TOO_LARGE ->
          throw new IllegalArgumentException("no end of a hand-over: " + reason);
    }
    Outcome outcome = new Outcome.DeadLettered(reason);
    if (delivery.lane() == Lane.ASYNC) {
      settle(delivery, outcome);
    } else {
      count(Count.SYNC_WORKERS_LOST);
      // The caller hears of it now and decides; the letter is for those who look into it later.
      effects.add(() -> storage.store(delivery, outcome));
      finish(delivery, outcome, now);
    }
  }

  private void settle(Delivery delivery, Outcome outcome) {
    move(delivery, SETTLING);
    delivery.settlingAs = outcome;
    effects.add(() -> storage.store(delivery, outcome));
  }

  private void wake(Delivery delivery, long now) {
    if (delivery.expired(now) && !delivery.answered) {
      expire(delivery, now);
    }
    if (delivery.state == DELAYED) {
      if (delivery.hasDeadline()) {
        wheel.arm(delivery, delivery.deadline());
      }
      ready(delivery, false, now);
    } else if (delivery.state == UNSETTLED && delivery.settlingAs != null) {
      settle(delivery, delivery.settlingAs);
    }
  }

  /** The caller's deadline passed. What has been handled already is still stored. */
  private void expire(Delivery delivery, long now) {
    count(Count.CALLERS_EXPIRED);
    if (delivery.state == SETTLING || delivery.state == UNSETTLED) {
      answer(delivery, new Outcome.Expired());
    } else {
      finish(delivery, new Outcome.Expired(), now);
    }
  }

  private void finish(Delivery delivery, Outcome outcome, long now) {
    LaneQueue lane = queue.lane(delivery.lane());
    lane.remove(delivery);
    lane.release(delivery.bytes());
    wheel.disarm(delivery);
    delivery.lease = null;
    move(delivery, FINISHED);
    figures.finished(delivery, outcome, now);
    if (recent != null && outcome instanceof Outcome.Acked acked) {
      recent.add(delivery.action().id(), acked, now);
    }
    answer(delivery, outcome);
    noteEnd(delivery, outcome, now);
    Delivery next = keys.release(delivery);
    if (next != null) {
      begin(next, true, now);
    }
  }

  private void answer(Delivery delivery, Outcome outcome) {
    if (!delivery.answered) {
      delivery.answered = true;
      effects.add(() -> delivery.tell(outcome));
    }
  }

  private void endIfIdle(WorkerStream stream, long now) {
    long until = stream.idleUntil(now);
    if (stream.idle() && until - now <= 0) {
      count(Count.STREAMS_ENDED_IDLE);
      end(stream);
    } else {
      wheel.arm(stream, until);
    }
  }

  private void end(WorkerStream stream) {
    retire(stream);
    effects.add(stream.target::end);
  }

  private long delay(int failures) {
    return settings.retries().delay(failures, random.nextDouble());
  }

  private void move(Delivery delivery, Delivery.State to) {
    figures.moved(delivery.state, to);
    delivery.state = to;
  }

  void count(Count count) {
    figures.count(count);
  }
}
