package org.osprey.coordinator.benchmarks.e2e;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How late things were, in steps of 0.1 ms up to 10 s, and the greatest of all exactly. Takes the
 * same room for any number of them. Thread-safe.
 */
final class Lateness {
  private static final int STEP_MICROS = 100;
  private static final int STEPS = 100_000;
  private static final double MICROS_PER_MILLI = 1_000;

  private final AtomicLongArray counts = new AtomicLongArray(STEPS);
  private final AtomicLong most = new AtomicLong();

  void add(long micros) {
    long late = Math.max(0, micros);
    counts.incrementAndGet((int) Math.min(STEPS - 1, late / STEP_MICROS));
    if (late > most.get()) {
      most.accumulateAndGet(late, Math::max);
    }
  }

  long count() {
    long count = 0;
    for (int i = 0; i < STEPS; i++) {
      count += counts.get(i);
    }
    return count;
  }

  /** Milliseconds. */
  double most() {
    return most.get() / MICROS_PER_MILLI;
  }

  /**
   * @param share from 0 to 1
   * @return milliseconds, the upper end of the step; not a number when there are none
   */
  double quantile(double share) {
    long rank = (long) Math.ceil(share * count());
    long seen = 0;
    for (int i = 0; i < STEPS; i++) {
      seen += counts.get(i);
      if (seen >= rank && seen > 0) {
        return (i + 1) * STEP_MICROS / MICROS_PER_MILLI;
      }
    }
    return Double.NaN;
  }
}
