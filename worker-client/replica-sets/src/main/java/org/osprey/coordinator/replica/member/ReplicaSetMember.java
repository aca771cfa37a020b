package org.osprey.coordinator.replica.member;

import java.time.Duration;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A worker that shares work with others of the same replica set, with nothing between them but a
 * database. Who joins, leaves or dies begins a new generation: all stop, then all start with their
 * new parts. Two threads: one says that this worker lives, the other takes part in the division.
 */
public final class ReplicaSetMember implements AutoCloseable {
  /** How often each looks after the others. */
  private static final Duration LOOK = Duration.ofMillis(200);

  /** While the work is divided anew all wait for each other, so it looks more often. */
  private static final Duration HASTE = Duration.ofMillis(20);

  private final Coordination coordination;
  private final MemberProtocol protocol;
  private final LongSupplier nanos;
  private final Loop heartbeats;
  private final Loop steps;

  /**
   * @param database autocommit connections; two are used at a time. Its tables are made by {@link
   *     org.osprey.coordinator.replica.event.PostgresEventStore#migrate}
   * @param work called by one thread of this
   * @param nanos of a clock that never goes back
   */
  public ReplicaSetMember(
      DataSource database, MemberSettings settings, Work work, LongSupplier nanos) {
    this.nanos = nanos;
    coordination = new PostgresCoordination(database, settings.replicaSet(), settings.stale());
    protocol = new MemberProtocol(settings.worker(), coordination, work, settings.timing());
    heartbeats =
        new Loop(
            "heartbeat-" + settings.replicaSet(),
            settings.heartbeat(),
            () -> {
              protocol.beat(nanos.getAsLong());
              return settings.heartbeat();
            });
    steps = new Loop("member-" + settings.replicaSet(), LOOK, this::step);
  }

  /**
   * Looks whether it can take part at all; once it has begun, it goes on trying whatever happens.
   *
   * @throws IllegalStateException when it cannot, however often it is tried, saying why
   * @throws org.osprey.coordinator.replica.event.StoreException when the database cannot be
   *     reached, which may pass
   */
  public void check() {
    coordination.check();
  }

  /** Begins to take part; called once. */
  public void start() {
    heartbeats.start();
    steps.start();
  }

  /** Has it look now whether the work is divided anew, because something was refused. */
  public void wake() {
    steps.wake();
  }

  /**
   * What this worker has to do now; null for nothing. Null too as soon as others may have taken its
   * part, even while a thread of this still waits for the database and {@link Work#stop} is yet to
   * be called. Never blocks.
   */
  public @Nullable Assignment assignment() {
    return protocol.isCertain(nanos.getAsLong()) ? protocol.current() : null;
  }

  /** Heartbeats that failed, since the start. */
  public long heartbeatFailures() {
    return heartbeats.failures();
  }

  /** Workers whom this one threw out since they did not stop in time, since the start. */
  public long coordinationTimeouts() {
    return protocol.expelled();
  }

  /** Stops its work, and tells the others, who need not wait for it then. */
  @Override
  public void close() {
    steps.close();
    boolean left = false;
    while (!left && !Thread.currentThread().isInterrupted()) {
      left = leave();
    }
    heartbeats.close();
  }

  /** Where the database cannot be reached, the others find out by themselves. */
  private boolean leave() {
    try {
      if (protocol.leave()) {
        return true;
      }
      Thread.sleep(HASTE);
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    } catch (RuntimeException e) {
      return protocol.current() == null;
    }
  }

  private Duration step() {
    protocol.step(nanos.getAsLong());
    return protocol.settled() ? LOOK : HASTE;
  }
}
