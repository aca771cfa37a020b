package org.osprey.coordinator.collectors.builtin.file;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How far a file is settled without a gap. Lines are begun in order and settled in any order, by
 * any thread.
 */
@ThreadSafe
final class Watermark {
  private final Runnable moved;

  @GuardedBy("this")
  private final Deque<Line> pending = new ArrayDeque<>();

  @GuardedBy("this")
  private long settled;

  /**
   * @param settled where reading begins
   * @param moved run after it moved, by whoever moved it
   */
  Watermark(long settled, Runnable moved) {
    this.settled = settled;
    this.moved = moved;
  }

  /**
   * Begins a line.
   *
   * @param end where the next one begins
   * @return to be run when the line is settled
   */
  synchronized Runnable line(long end) {
    Line line = new Line(end);
    pending.add(line);
    return line;
  }

  /** Passes over what is no event. */
  synchronized void skip(long end) {
    Line last = pending.peekLast();
    if (last == null) {
      settled = end;
    } else if (last.done) {
      last.end = end;
    } else {
      Line skipped = new Line(end);
      skipped.done = true;
      pending.add(skipped);
    }
  }

  synchronized long settled() {
    return settled;
  }

  synchronized boolean idle() {
    return pending.isEmpty();
  }

  private synchronized void done(Line line) {
    line.done = true;
    for (Line first = pending.peek(); first != null && first.done; first = pending.peek()) {
      settled = first.end;
      pending.remove();
    }
  }

  private final class Line implements Runnable {
    long end;
    boolean done;

    Line(long end) {
      this.end = end;
    }

    @Override
    public void run() {
      done(this);
      moved.run();
    }
  }
}
