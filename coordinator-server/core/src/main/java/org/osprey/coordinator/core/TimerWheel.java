package org.osprey.coordinator.core;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A hashed timer wheel: arming and disarming take constant time and no memory. A timer wakes at the
 * first {@link #advance} that is at or after its time, never before. Not thread-safe: the
 * dispatcher's lock guards it.
 */
final class TimerWheel {
  /** Timers are grouped by slices of this many nanoseconds. */
  private static final long SLICE = 16_000_000;

  private static final int SLICES = 1024;

  private final @Nullable Timer[] heads = new @Nullable Timer[SLICES];

  /** The slice that was looked at last; it is looked at again, as it may still fill. */
  private long slice;

  /** A thing that can be woken. Its links belong to the wheel. */
  abstract static sealed class Timer permits Delivery, Lease, WorkerStream {
    private static final int DISARMED = -1;

    private @Nullable Timer previous;
    private @Nullable Timer next;
    private int bucket = DISARMED;
    private long wakeAt;

    private boolean due(long now) {
      return bucket != DISARMED && wakeAt - now <= 0;
    }
  }

  TimerWheel(long now) {
    slice = sliceOf(now);
  }

  void arm(Timer timer, long wakeAt) {
    disarm(timer);
    timer.wakeAt = wakeAt;
    timer.bucket = Math.floorMod(Math.max(sliceOf(wakeAt), slice), SLICES);
    timer.next = heads[timer.bucket];
    if (timer.next != null) {
      timer.next.previous = timer;
    }
    heads[timer.bucket] = timer;
  }

  void disarm(Timer timer) {
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
  void advance(long now, Consumer<Timer> wake) {
    long target = sliceOf(now);
    long first = Math.max(slice, target - SLICES + 1);
    slice = target;
    List<Timer> due = new ArrayList<>();
    for (long at = first; at <= target; at++) {
      collectDue(Math.floorMod(at, SLICES), now, due);
    }
    for (Timer timer : due) {
      if (timer.due(now)) {
        disarm(timer);
        wake.accept(timer);
      }
    }
  }

  /** Every armed timer, in no order. */
  List<Timer> armed() {
    List<Timer> armed = new ArrayList<>();
    for (Timer head : heads) {
      for (Timer timer = head; timer != null; timer = timer.next) {
        armed.add(timer);
      }
    }
    return armed;
  }

  private void collectDue(int bucket, long now, List<Timer> due) {
    for (Timer timer = heads[bucket]; timer != null; timer = timer.next) {
      if (timer.due(now)) {
        due.add(timer);
      }
    }
  }

  private static long sliceOf(long nanos) {
    return Math.floorDiv(nanos, SLICE);
  }
}
