package org.osprey.coordinator.benchmarks.e2e;

import java.util.Arrays;

/** Times of calls, every one kept. Thread-safe. */
final class Latencies {
  private static final double NANOS_PER_MILLI = 1e6;

  private long[] nanos = new long[1 << 16];
  private int count;
  private boolean sorted;

  synchronized void add(long latencyNanos) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = latencyNanos;
    sorted = false;
  }

  synchronized void clear() {
    count = 0;
  }

  synchronized int count() {
    return count;
  }

  /**
   * @param share from 0 to 1
   * @return milliseconds; not a number when there are none
   */
  synchronized double quantile(double share) {
    if (count == 0) {
      return Double.NaN;
    }
    if (!sorted) {
      Arrays.sort(nanos, 0, count);
      sorted = true;
    }
    return nanos[(int) ((count - 1) * share)] / NANOS_PER_MILLI;
  }
}
