package org.osprey.coordinator.core;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An action together with the handle that answers its source. It is offered once; an action that
 * comes back to its source comes again as a new delivery.
 */
public final class Delivery extends DispatchTimer {
  private static final long NO_DEADLINE = Long.MAX_VALUE;

  private final Action action;
  private final Lane lane;
  private final String source;
  private final @Nullable String orderingKey;
  private final long deadline;
  private final Handle handle;

  /** Null when it is not traced. */
  final @Nullable TraceNotes notes;

  // From here on the dispatcher's lock guards everything.
  State state = State.NEW;
  int nacks;
  int deaths;

  /** Ticker nanoseconds; no hand-over before. */
  long notBefore;

  /** How often a worker that left in good order gave it back unanswered. */
  int returns;

  /** Ticker nanoseconds. */
  long offeredAt;

  /** Who had it last, and what became of that; null before the first hand-over failed. */
  @Nullable String lastError;

  /** The current hand-over; older ones may still be answered by workers that were given up on. */
  @Nullable Lease lease;

  /** How it will end once the outside has stored what must be stored. */
  @Nullable Outcome settlingAs;

  /** How often storing failed. */
  int storeFailures;

  /** The caller has been answered, or is gone: whatever still happens, nobody is to be told. */
  boolean answered;

  // The place in the lane; see NameQueue.
  @Nullable NameQueue queue;
  @Nullable Delivery ahead;
  @Nullable Delivery behind;
  long position;

  enum State {
    NEW,
    /** In its lane, or about to be handed over. */
    READY,
    /** Behind another action of its ordering key. */
    HELD,
    /** Waits out a backoff, or is not due yet. */
    DELAYED,
    LEASED,
    /** A sink or dead letters are storing it. */
    SETTLING,
    /** Storing failed and will be tried again. */
    UNSETTLED,
    FINISHED
  }

  /** Told how a delivery ended. */
  @FunctionalInterface
  public interface Handle {
    /**
     * Called once at most; not at all for an async delivery that is unfinished when the coordinator
     * stops, which its source therefore still owns, nor for one that was cancelled. Runs on
     * whatever thread settled the delivery, often an event loop, and must not block.
     */
    void finished(Outcome outcome);

    /**
     * The message's place at its source, such as topic, partition and offset, for people. Any
     * thread.
     */
    default String origin() {
      return "";
    }
  }

  private Delivery(
      Action action,
      Lane lane,
      String source,
      @Nullable String orderingKey,
      long deadline,
      Handle handle,
      @Nullable Trace trace) {
    this.action = action;
    this.lane = lane;
    this.source = source;
    this.orderingKey = orderingKey;
    this.deadline = deadline;
    this.handle = handle;
    notes = trace == null ? null : new TraceNotes(trace);
  }

  /**
   * A delivery nobody waits for.
   *
   * @param source the name of the source, as operators know it
   * @param orderingKey two deliveries of one key are never out at the same time and go out in the
   *     order they were offered; null for no order
   */
  public static Delivery async(
      Action action, String source, @Nullable String orderingKey, Handle handle) {
    return async(action, source, orderingKey, handle, null);
  }

  /**
   * A delivery nobody waits for.
   *
   * @param trace of the {@link Intake#tracer}; null when it is not traced
   */
  public static Delivery async(
      Action action,
      String source,
      @Nullable String orderingKey,
      Handle handle,
      @Nullable Trace trace) {
    return new Delivery(action, Lane.ASYNC, source, orderingKey, NO_DEADLINE, handle, trace);
  }

  /**
   * A delivery whose caller waits.
   *
   * @param deadline {@link Ticker} nanoseconds after which nobody wants the answer
   */
  public static Delivery sync(Action action, String source, long deadline, Handle handle) {
    return sync(action, source, deadline, handle, null);
  }

  /**
   * A delivery whose caller waits.
   *
   * @param trace of the {@link Intake#tracer}; null when it is not traced
   */
  public static Delivery sync(
      Action action, String source, long deadline, Handle handle, @Nullable Trace trace) {
    return new Delivery(action, Lane.SYNC, source, null, deadline, handle, trace);
  }

  public Action action() {
    return action;
  }

  public Lane lane() {
    return lane;
  }

  public String source() {
    return source;
  }

  public @Nullable String orderingKey() {
    return orderingKey;
  }

  /** What goes along with whatever is published for it, by the names of headers. */
  public Map<String, String> traceHeaders() {
    return notes == null ? Map.of() : notes.trace().headers();
  }

  @Nullable Trace trace() {
    return notes == null ? null : notes.trace();
  }

  /** The message's place at its source, as {@link Handle#origin} has it. */
  public String origin() {
    return handle.origin();
  }

  /** Tells its source how it ended: once, and only by the intake that accepted it. */
  public void tell(Outcome outcome) {
    if (notes == null) {
      handle.finished(outcome);
    } else {
      notes.tell(handle, outcome);
    }
  }

  boolean hasDeadline() {
    return deadline != NO_DEADLINE;
  }

  long deadline() {
    return deadline;
  }

  boolean expired(long now) {
    return hasDeadline() && deadline - now <= 0;
  }

  /** What it takes from its lane's room. */
  long bytes() {
    return action.size() + ActionQueue.OVERHEAD_BYTES;
  }

  @Override
  public String toString() {
    return action + " lane=" + lane + " source=" + source;
  }
}
