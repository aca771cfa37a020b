package org.osprey.coordinator.replica.projection;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.replica.event.EventStore;
import org.osprey.coordinator.replica.event.PersistedEvent;
import org.osprey.coordinator.replica.event.Slots;
import org.osprey.coordinator.replica.event.StoreException;
import org.osprey.coordinator.replica.member.Assignment;

/**
 * Has the events of a batch handled, or puts them aside, all in a transaction of the caller's.
 * Belongs to the thread of a projection's run.
 */
final class Handling implements HandleContext {
  private static final String BEHIND = "an earlier event of its stream is parked";

  private final Projection projection;
  private final Assignment assignment;
  private final Parked parked;
  private final ProjectionStats stats;
  private final long[] positions = new long[Slots.COUNT];
  private final Set<String> parkedStreams = new HashSet<>();

  /** Events that are put aside when they come again, with the reason. */
  private final Map<Long, String> toPark = new HashMap<>();

  private final StatementQueue queue = new StatementQueue();

  /** Each event's statements are sent with it, so that it is known whose failed. */
  private boolean oneByOne;

  /** Of the transaction that is running. */
  private int handled;

  private int putAside;

  private @Nullable Connection current;

  Handling(Projection projection, Assignment assignment, Parked parked, ProjectionStats stats) {
    this.projection = projection;
    this.assignment = assignment;
    this.parked = parked;
    this.stats = stats;
  }

  /** A handler threw. */
  static final class HandlerException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient PersistedEvent event;
    private final Exception failure;

    HandlerException(PersistedEvent event, Exception failure) {
      super("event %d: %s".formatted(event.position(), failure), failure);
      this.event = event;
      this.failure = failure;
    }

    PersistedEvent event() {
      return event;
    }

    Exception failure() {
      return failure;
    }
  }

  /** A queued statement failed, of one event or another; they are to be handled one by one. */
  static final class QueueFailedException extends Exception {
    private static final long serialVersionUID = 1;

    QueueFailedException(Exception cause) {
      super(cause);
    }
  }

  /** Begins where the slots are. */
  void begin(Connection connection, long[] from) throws SQLException {
    System.arraycopy(from, 0, positions, 0, positions.length);
    parkedStreams.clear();
    parkedStreams.addAll(parked.streams(connection, assignment.slots()));
  }

  /** Puts an event aside when it comes again. */
  void park(HandlerException failed) {
    toPark.put(failed.event().position(), failed.failure().toString());
  }

  /**
   * Handles what the slots have not seen.
   *
   * @return streams that are parked from now on, if the transaction is committed
   */
  Set<String> handle(Connection connection, List<PersistedEvent> events)
      throws SQLException, HandlerException, QueueFailedException {
    queue.clear();
    handled = 0;
    putAside = 0;
    Set<String> newlyParked = new HashSet<>();
    for (PersistedEvent event : events) {
      if (event.position() <= positions[event.slot()]) {
        continue;
      }
      String stream = event.streamId();
      String reason = toPark.get(event.position());
      if (parkedStreams.contains(stream) || newlyParked.contains(stream)) {
        parked.add(connection, event, BEHIND);
        putAside++;
      } else if (reason != null) {
        parked.add(connection, event, reason);
        putAside++;
        newlyParked.add(stream);
      } else {
        handle(connection, event);
      }
    }
    send();
    return newlyParked;
  }

  private void send() throws QueueFailedException {
    try {
      queue.flush();
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private QueueFailedException failed(Exception cause) {
    oneByOne = true;
    return new QueueFailedException(cause);
  }

  /** The transaction is committed. */
  void committed(long reached, Set<String> newlyParked) {
    assignment.slots().stream()
        .forEach(slot -> positions[slot] = Math.max(positions[slot], reached));
    parkedStreams.addAll(newlyParked);
    toPark.keySet().removeIf(position -> position <= reached);
    stats.batches.increment();
    stats.parked.add(putAside);
    count();
  }

  private void count() {
    stats.events.add(handled);
    oneByOne = false;
  }

  /** Handles the parked events of a stream that was released. */
  void replay(Connection connection, EventStore events, String streamId)
      throws SQLException, HandlerException, QueueFailedException {
    queue.clear();
    handled = 0;
    oneByOne = true;
    for (PersistedEvent event : events.at(parked.positions(connection, streamId))) {
      handle(connection, event);
    }
    parked.remove(connection, streamId);
  }

  /** Whether there is anything that could be released. */
  boolean hasParked() {
    return !parkedStreams.isEmpty();
  }

  /** The replay is committed. */
  void replayed(String stream) {
    parkedStreams.remove(stream);
    count();
  }

  @SuppressWarnings("CatchGeneralException") // whatever a handler throws is its failure
  private void handle(Connection connection, PersistedEvent event)
      throws HandlerException, QueueFailedException {
    current = connection;
    try {
      projection.handle(event, this);
      if (oneByOne) {
        queue.flush();
      }
    } catch (Exception e) {
      if (queue.hasFailed() && !oneByOne) {
        throw failed(e);
      }
      throw new HandlerException(event, e);
    } finally {
      current = null;
    }
    handled++;
  }

  @Override
  public Connection connection() {
    Connection used = current();
    try {
      queue.flush();
    } catch (SQLException e) {
      throw new StoreException("could not execute what was queued", e);
    }
    return GuardedConnection.of(used);
  }

  @Override
  public void batch(String sql, @Nullable Object... values) throws SQLException {
    queue.add(current(), sql, values);
  }

  private Connection current() {
    Connection used = current;
    if (used == null) {
      throw new IllegalStateException("the connection is for the time of the call");
    }
    return used;
  }

  @Override
  public long generation() {
    return assignment.generation();
  }
}
