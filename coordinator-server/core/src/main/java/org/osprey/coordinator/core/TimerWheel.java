package org.osprey.coordinator.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A hashed timer wheel: arming and disarming take constant time and no memory. A timer wakes at the
 * first {@link #advance} that is at or after its time, never before. Not thread-safe: it belongs to
 * a thread, or a lock guards it.
 *
 * @param <T> all timers of one wheel
 */
public final class TimerWheel<T extends TimerWheel.Timer> {
  private static final int SLICES = 1024;

  private final @Nullable Timer[] heads = new @Nullable Timer[SLICES];

  /**
   * Those that {@link #advance} wakes; empty between two of them, and kept so as not to grow each
   * time.
   */
  private final List<Timer> due = new ArrayList<>();

  /** Timers are grouped by slices of this many nanoseconds. */
  private final long sliceNanos;

  /** The slice that was looked at last; it is looked at again, as it may still fill. */
  private long slice;

  /** A thing that can be woken. Its links belong to the wheel. */
  public abstract static class Timer {
    private static final int DISARMED = -1;

    private @Nullable Timer previous;
    private @Nullable Timer next;
    private int bucket = DISARMED;
    private long wakeAt;

    private boolean due(long now) {
      return bucket != DISARMED && wakeAt - now <= 0;
    }
  }

  /**
   * @param slice how finely timers are told apart: too fine a one makes time pass slowly
   * @param now nanoseconds of the ticker that all times here are of
   */
  public TimerWheel(Duration slice, long now) {
    sliceNanos = slice.toNanos();
    this.slice = sliceOf(now);
  }

  /** Sets the time; one that was set before does not count any more. */
  public void arm(T timer, long wakeAt) {
    link(timer, wakeAt);
  }

  private void link(Timer timer, long wakeAt) {
    unlink(timer);
    timer.wakeAt = wakeAt;
    timer.bucket = Math.floorMod(Math.max(sliceOf(wakeAt), slice), SLICES);
    timer.next = heads[timer.bucket];
    if (timer.next != null) {
      timer.next.previous = timer;
    }
    heads[timer.bucket] = timer;
  }

  /** Does nothing to one that is not armed. */
  public void disarm(T timer) {
    unlink(timer);
  }

  private void unlink(Timer timer) {
    if (timer.bucket == Timer.DISARMED) {
      return;
    }
    if (timer.previous == null) {
      heads[timer.bucket] = timer.next;
    } else {
      timer.previous.next = timer.next;
    }
    if (timer.next != null) {
      timer.next.previous = timer.previous;
    }
    timer.previous = null;
    timer.next = null;
    timer.bucket = Timer.DISARMED;
  }

  /** Wakes every timer whose time has come. A timer may arm and disarm others while it wakes. */
  @SuppressWarnings("unchecked") // nothing else is ever linked
  public void advance(long now, Consumer<? super T> wake) {
    long target = sliceOf(now);
    long first = Math.max(slice, target - SLICES + 1);
    slice = target;
    due.clear();
    for (long at = first; at <= target; at++) {
      collectDue(Math.floorMod(at, SLICES), now);
    }
    for (Timer timer : due) {
      if (timer.due(now)) {
        unlink(timer);
        wake.accept((T) timer);
      }
    }
    due.clear();
  }

  /** Every armed timer, in no order. */
  @SuppressWarnings("unchecked") // nothing else is ever linked
  public List<T> armed() {
    List<T> armed = new ArrayList<>();
    for (Timer head : heads) {
      for (Timer timer = head; timer != null; timer = timer.next) {
        armed.add((T) timer);
      }
    }
    return armed;
  }

  /**
   * Until when nothing wakes, at most as far as the wheel reaches.
   *
   * @return a time of the ticker
   */
  public long idleUntil() {
    for (long at = slice; at < slice + SLICES; at++) {
      long earliest = earliest(Math.floorMod(at, SLICES), (at + 1) * sliceNanos);
      if (earliest - (at + 1) * sliceNanos < 0) {
        return earliest;
      }
    }
    return (slice + SLICES) * sliceNanos;
  }

  /** The earliest time in a bucket, or {@code otherwise} when all are later. */
  private long earliest(int bucket, long otherwise) {
    long earliest = otherwise;
    for (Timer timer = heads[bucket]; timer != null; timer = timer.next) {
      if (timer.wakeAt - earliest < 0) {
        earliest = timer.wakeAt;
      }
    }
    return earliest;
  }

  private void collectDue(int bucket, long now) {
    for (Timer timer = heads[bucket]; timer != null; timer = timer.next) {
      if (timer.due(now)) {
        due.add(timer);
      }
    }
  }

  private long sliceOf(long nanos) {
    return Math.floorDiv(nanos, sliceNanos);
  }
}
