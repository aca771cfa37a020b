package org.osprey.coordinator.collectors.flow;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Where a worker waits. Whoever has work for it wakes it only when it really waits, as waking costs
 * more than handing over an event.
 */
@ThreadSafe
final class Parking {
  private static final int AWAKE = 0;
  private static final int PARKED = 1;
  private static final int WOKEN = 2;

  private final AtomicInteger state = new AtomicInteger();
  private volatile @Nullable Thread thread;

  /**
   * For the worker: says that it is about to wait. It then looks once more for work, as what came
   * before this call woke nobody, and calls {@link #park} or {@link #cancel}.
   *
   * @return false when it was woken since it waited last
   */
  boolean prepare() {
    thread = Thread.currentThread();
    if (state.compareAndSet(AWAKE, PARKED)) {
      return true;
    }
    state.set(AWAKE);
    return false;
  }

  void cancel() {
    state.set(AWAKE);
  }

  /** May return early. */
  void park(Duration atMost) {
    if (state.get() == PARKED) {
      LockSupport.parkNanos(this, atMost.toNanos());
    }
    state.set(AWAKE);
  }

  /** The worker has something to look at; kept when it does not wait now. */
  void wake() {
    if (state.get() != WOKEN && state.getAndSet(WOKEN) == PARKED) {
      LockSupport.unpark(thread);
    }
  }

  /**
   * There is an event in a ring, which the worker sees by itself when it does not wait.
   *
   * @return whether it waited
   */
  boolean wakeIfParked() {
    if (state.get() == PARKED && state.compareAndSet(PARKED, WOKEN)) {
      LockSupport.unpark(thread);
      return true;
    }
    return false;
  }
}
