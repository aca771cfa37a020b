package org.osprey.coordinator.collectors.nats;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collectors.flow.Channel.Loss;
import org.osprey.coordinator.collectors.flow.Channel.Outgoing;
import org.osprey.coordinator.collectors.flow.Channel.Settlements;

/**
 * The events of a channel that are not settled, in order, each at a position that counts on for
 * ever. Those before {@link #next} were sent, or need not be; the others wait to be. Belongs to the
 * worker.
 */
final class Window {
  private final @Nullable Outgoing[] events;
  private final State[] states;
  private final @Nullable Loss[] losses;
  private final long[] stamps;
  private final int mask;

  private long first;
  private long next;
  private long end;
  private long bytes;

  /** Where an event is on its way. */
  enum State {
    WAITING,
    /** Sent, to be confirmed together with others. */
    SENT_CORE,
    /** Sent, to be answered by a stream. */
    SENT_STREAM,
    PUBLISHED,
    LOST
  }

  /**
   * @param size a power of two
   */
  Window(int size) {
    events = new Outgoing[size];
    states = new State[size];
    losses = new Loss[size];
    stamps = new long[size];
    mask = size - 1;
  }

  /** The oldest that is not settled. */
  long first() {
    return first;
  }

  /** The next to be sent. */
  long next() {
    return next;
  }

  long end() {
    return end;
  }

  int size() {
    return (int) (end - first);
  }

  int free() {
    return events.length - size();
  }

  /** Of the bodies. */
  long bytes() {
    return bytes;
  }

  boolean hasUnsent() {
    return next < end;
  }

  void add(Outgoing event) {
    if (free() == 0) {
      throw new IllegalStateException("there is no room, want no more than room() events");
    }
    int slot = slot(end++);
    events[slot] = event;
    states[slot] = State.WAITING;
    losses[slot] = null;
    bytes += event.event().body().length;
  }

  Outgoing event(long position) {
    Outgoing event = events[slot(position)];
    if (event == null) {
      throw new IllegalArgumentException(
          "no event at %d, want %d to %d".formatted(position, first, end));
    }
    return event;
  }

  State state(long position) {
    return states[slot(position)];
  }

  /** What was noted when it was sent. */
  long stamp(long position) {
    return stamps[slot(position)];
  }

  /**
   * @param stamp for a stream when it was sent, by the ticker; else its ticket, which counts those
   *     that are sent so
   */
  void sent(long position, State how, long stamp) {
    states[slot(position)] = how;
    stamps[slot(position)] = stamp;
  }

  void published(long position) {
    states[slot(position)] = State.PUBLISHED;
  }

  void lost(long position, Loss reason) {
    states[slot(position)] = State.LOST;
    losses[slot(position)] = reason;
  }

  void waitsAgain(long position) {
    states[slot(position)] = State.WAITING;
  }

  /** Goes on with the next that waits. */
  void skipToWaiting() {
    while (next < end && state(next) != State.WAITING) {
      next++;
    }
  }

  /** Goes back to the oldest that waits. */
  void rewind() {
    next = first;
    skipToWaiting();
  }

  /**
   * Hands out what is over, oldest first, up to the first that is not.
   *
   * @return how many
   */
  int settle(Settlements settlements) {
    int settled = 0;
    while (first < end && isOver(state(first))) {
      remove(settlements);
      settled++;
    }
    return settled;
  }

  /** Hands out all that is over, and returns the others. */
  List<Outgoing> empty(Settlements settlements) {
    List<Outgoing> left = new ArrayList<>();
    while (first < end) {
      if (isOver(state(first))) {
        remove(settlements);
      } else {
        left.add(event(first));
        forget();
      }
    }
    return left;
  }

  private void remove(Settlements settlements) {
    Outgoing event = event(first);
    Loss loss = losses[slot(first)];
    forget();
    if (loss == null) {
      settlements.published(event);
    } else {
      settlements.lost(event, loss);
    }
  }

  private void forget() {
    bytes -= event(first).event().body().length;
    events[slot(first)] = null;
    first++;
    next = Math.max(next, first);
  }

  private static boolean isOver(State state) {
    return state == State.PUBLISHED || state == State.LOST;
  }

  private int slot(long position) {
    return (int) position & mask;
  }
}
