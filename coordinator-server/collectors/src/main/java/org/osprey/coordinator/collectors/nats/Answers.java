package org.osprey.coordinator.collectors.nats;

import com.google.errorprone.annotations.ThreadSafe;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What streams answered, by the event's position in its channel. One thread after the other puts
 * in, the worker looks. An answer that comes too late is for a position that is over, and nobody
 * asks for it.
 */
@ThreadSafe
final class Answers {
  private static final List<Answer> VALUES = List.of(Answer.values());
  private static final int BITS = 3;

  private final AtomicLongArray bySlot;
  private final int mask;
  private volatile boolean failed;

  /** What became of an event. */
  enum Answer {
    NONE(0),
    STORED(1),
    /** Not stored now. */
    FAILED(2),
    /** Bigger than the stream ever takes. */
    TOO_LARGE(3);

    /** The index among all of them. */
    private final int code;

    Answer(int code) {
      this.code = code;
    }
  }

  /**
   * @param size a power of two, and as many as may wait for an answer
   */
  Answers(int size) {
    bySlot = new AtomicLongArray(size);
    mask = size - 1;
  }

  void put(long position, Answer answer) {
    bySlot.set(slot(position), position << BITS | answer.code);
    if (answer == Answer.FAILED) {
      failed = true;
    }
  }

  Answer of(long position) {
    long found = bySlot.get(slot(position));
    return found >>> BITS == position ? VALUES.get((int) (found & ((1 << BITS) - 1))) : Answer.NONE;
  }

  /** The event is sent again. */
  void forget(long position) {
    bySlot.set(slot(position), 0);
  }

  /** Whether one failed since the last time. */
  boolean takeFailed() {
    boolean taken = failed;
    if (taken) {
      failed = false;
    }
    return taken;
  }

  private int slot(long position) {
    return (int) position & mask;
  }
}
