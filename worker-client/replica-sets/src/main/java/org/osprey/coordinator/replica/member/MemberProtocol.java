package org.osprey.coordinator.replica.member;

import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.replica.member.Membership.Row;

/**
 * One worker's part in dividing the work: all stop, then all start. There is no leader: whoever
 * sees that the work has to be divided anew does it. Belongs to one thread but for {@link #beat},
 * which has one of its own, so that a step that waits for the database does not make the worker
 * look dead, and for what says that any may call it.
 */
final class MemberProtocol {
  private final String worker;
  private final Coordination coordination;
  private final Work work;
  private final Timing timing;

  /** Changed by the one thread; any may look. Null before the others hear that it has stopped. */
  private volatile @Nullable Assignment current;

  /** It was asked to end, and will, whatever became of the reason meanwhile. */
  private boolean ending;

  private boolean settled;
  private long waitingFor;
  private long waitingSince;

  /** When the last heartbeat that was answered was sent. */
  private volatile long lastBeat;

  private volatile boolean member;

  private final LongAdder expelled = new LongAdder();

  /**
   * All in nanoseconds.
   *
   * @param uncertain without an answered heartbeat for so long a worker stops by itself: before the
   *     others take its part
   * @param coordination how long a worker may take to become ready before the others go on without
   * @param handler without progress for so long a worker counts as dead
   */
  record Timing(long uncertain, long coordination, long handler) {}

  MemberProtocol(String worker, Coordination coordination, Work work, Timing timing) {
    this.worker = worker;
    this.coordination = coordination;
    this.work = work;
    this.timing = timing;
  }

  /** Says that this worker lives. */
  void beat(long nowNanos) {
    if (!member) {
      return;
    }
    boolean progressing = work.stuckNanos(nowNanos) < timing.handler();
    if (coordination.heartbeat(worker, progressing)) {
      lastBeat = nowNanos;
    } else {
      member = false;
    }
  }

  /** Does what is to be done now. What it throws changes nothing but the database, if anything. */
  void step(long nowNanos) {
    settled = false;
    if (current != null && (ending || !isCertain(nowNanos)) && !ended()) {
      return;
    }
    if (!member) {
      if (current != null) {
        return;
      }
      coordination.join(worker);
      lastBeat = nowNanos;
      member = true;
    }
    Membership seen = coordination.look();
    if (seen.isOutdated() && coordination.renew()) {
      seen = coordination.look();
    }
    follow(seen, nowNanos);
  }

  private void follow(Membership seen, long nowNanos) {
    if (current != null && current.generation() != seen.generation() && !ended()) {
      return;
    }
    Optional<Row> own = seen.find(worker);
    if (own.isEmpty()) {
      member = current != null;
      return;
    }
    Optional<Assignment> part = seen.assignment(worker);
    if (current != null || part.isEmpty()) {
      settled = !seen.isOutdated();
      return;
    }
    if (own.get().ready() != seen.generation()) {
      coordination.ready(worker, seen.generation());
      seen = coordination.look();
    }
    if (seen.generation() != part.get().generation()) {
      return;
    }
    if (seen.isReady() && isCertain(nowNanos)) {
      current = part.get();
      settled = true;
      work.start(part.get());
    } else {
      awaitOthers(seen, nowNanos);
    }
  }

  /** Some are asked to stop and do not, or died in between. */
  private void awaitOthers(Membership seen, long nowNanos) {
    if (waitingFor != seen.generation()) {
      waitingFor = seen.generation();
      waitingSince = nowNanos;
    } else if (nowNanos - waitingSince > timing.coordination()) {
      waitingSince = nowNanos;
      seen.members().stream()
          .filter(row -> row.assigned() && row.ready() != seen.generation())
          .forEach(row -> expel(row.worker(), seen.generation()));
    }
  }

  private void expel(String other, long generation) {
    coordination.expel(other, generation);
    expelled.increment();
  }

  /** How many others it threw out since they did not become ready. Any thread may ask. */
  long expelled() {
    return expelled.sum();
  }

  private boolean ended() {
    ending = !work.stop();
    if (ending) {
      return false;
    }
    current = null;
    return true;
  }

  /**
   * Leaves, and divides the work among the others, so that they need not find out first.
   *
   * @return false while work is under way; to be called again then
   */
  boolean leave() {
    if (current != null && !ended()) {
      return false;
    }
    if (member) {
      coordination.leave(worker);
      member = false;
      if (!coordination.look().members().isEmpty()) {
        coordination.renew();
      }
    }
    return true;
  }

  /** Nothing is to be waited for: the work is divided, and this worker does its part if any. */
  boolean settled() {
    return settled;
  }

  /** Whether nobody else can have taken its part yet. Any thread. */
  boolean isCertain(long nowNanos) {
    return member && nowNanos - lastBeat <= timing.uncertain();
  }

  /** What it has to do now; null for nothing. Any thread. */
  @Nullable Assignment current() {
    return current;
  }
}
