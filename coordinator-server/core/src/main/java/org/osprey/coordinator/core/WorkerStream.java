package org.osprey.coordinator.core;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A target that is connected: its credits and what is out there. Made by {@link
 * Dispatcher#connect}; all its state is guarded by the dispatcher's lock.
 */
public final class WorkerStream extends DispatchTimer {
  private final long id;
  private final String clientId;
  private final WaitingStreams.Pool pool;
  private final int credits;
  final Target target;

  /** In order of hand-over. */
  private final Map<Long, Lease> leases = new LinkedHashMap<>();

  private State state = State.ACTIVE;
  private boolean writable = true;

  /** Leases that expired and that the worker has still not answered. */
  private int overdue;

  /** Since when nothing is out here, and how long that may last; ticker nanoseconds. */
  private long idleSince;

  private final long idleLimit;

  private final long connectedAt;

  /** When the worker last said something; ticker nanoseconds. */
  private long lastSeen;

  long acks;
  long nacks;

  /** Orders the streams that wait: the lowest waited longest. */
  long turn;

  private enum State {
    ACTIVE,
    /** Gets nothing more; answers for what is out are still taken. */
    RETIRED,
    CLOSED
  }

  WorkerStream(
      long id,
      String clientId,
      WaitingStreams.Pool pool,
      int credits,
      Target target,
      long idleLimit,
      long now) {
    this.id = id;
    this.clientId = clientId;
    this.pool = pool;
    this.credits = credits;
    this.target = target;
    this.idleLimit = idleLimit;
    idleSince = now;
    connectedAt = now;
    lastSeen = now;
  }

  long id() {
    return id;
  }

  /** What the worker calls itself; several streams may share it. */
  public String clientId() {
    return clientId;
  }

  WaitingStreams.Pool pool() {
    return pool;
  }

  ActionNames names() {
    return pool.names();
  }

  int credits() {
    return credits;
  }

  boolean canTake() {
    return state == State.ACTIVE && writable && overdue == 0 && leases.size() < credits;
  }

  /** Retired, and what it had is answered. */
  boolean finished() {
    return state == State.RETIRED && leases.isEmpty();
  }

  boolean idle() {
    return state == State.ACTIVE && leases.isEmpty();
  }

  /** When it will have idled enough, as far as is known now. */
  long idleUntil(long now) {
    return (leases.isEmpty() ? idleSince : now) + idleLimit;
  }

  void retire() {
    if (state == State.ACTIVE) {
      state = State.RETIRED;
    }
  }

  /**
   * @return the hand-overs that were still out, the last one first; empty when it was closed before
   */
  Iterable<Lease> close() {
    state = State.CLOSED;
    Iterable<Lease> out = List.copyOf(leases.values()).reversed();
    leases.clear();
    return out;
  }

  boolean closed() {
    return state == State.CLOSED;
  }

  void setWritable(boolean writable) {
    this.writable = writable;
  }

  void add(Lease lease) {
    leases.put(lease.ackId(), lease);
  }

  /** The worker answered; null when nothing with that id is out here. */
  @Nullable Lease answered(long ackId, long now) {
    lastSeen = now;
    Lease lease = leases.remove(ackId);
    if (lease != null && lease.expired) {
      overdue--;
    }
    if (leases.isEmpty()) {
      idleSince = now;
    }
    return lease;
  }

  int inFlight() {
    return leases.size();
  }

  StreamStats stats(long now) {
    return new StreamStats(
        id,
        clientId,
        target.peer(),
        names(),
        credits,
        leases.size(),
        acks,
        nacks,
        Duration.ofNanos(now - connectedAt),
        Duration.ofNanos(now - lastSeen));
  }

  void overdue(Lease lease) {
    lease.expired = true;
    overdue++;
  }
}
