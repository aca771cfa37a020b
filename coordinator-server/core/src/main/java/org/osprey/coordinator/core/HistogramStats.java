package org.osprey.coordinator.core;

/**
 * How many durations of which size were seen.
 *
 * @param counts for each bound how many were not longer than it and longer than the one before; the
 *     last is for those above every bound
 * @param sumNanos of all durations
 */
@SuppressWarnings("ArrayRecordComponent") // a copy, made for the one who asks
public record HistogramStats(long[] counts, long sumNanos) {
  private static final double NANOS_PER_SECOND = 1e9;

  private static final long[] BOUND_NANOS = {
    100_000L,
    250_000L,
    500_000L,
    1_000_000L,
    2_500_000L,
    5_000_000L,
    10_000_000L,
    25_000_000L,
    50_000_000L,
    100_000_000L,
    250_000_000L,
    500_000_000L,
    1_000_000_000L,
    2_500_000_000L,
    5_000_000_000L,
    10_000_000_000L,
    30_000_000_000L,
    60_000_000_000L,
    300_000_000_000L,
  };

  /** How many bounds there are. */
  public static final int BOUNDS = BOUND_NANOS.length;

  /** The upper bound of {@code counts[index]}, in seconds. */
  public static double boundSeconds(int index) {
    return BOUND_NANOS[index] / NANOS_PER_SECOND;
  }

  static int bucket(long nanos) {
    int bucket = 0;
    while (bucket < BOUNDS && nanos > BOUND_NANOS[bucket]) {
      bucket++;
    }
    return bucket;
  }

  public long count() {
    long count = 0;
    for (long inBucket : counts) {
      count += inBucket;
    }
    return count;
  }

  public double sumSeconds() {
    return sumNanos / NANOS_PER_SECOND;
  }

  /** The durations of both. */
  public HistogramStats plus(HistogramStats other) {
    long[] both = counts.clone();
    for (int i = 0; i < both.length; i++) {
      both[i] += other.counts[i];
    }
    return new HistogramStats(both, sumNanos + other.sumNanos);
  }

  /** What came since an earlier picture of the same histogram. */
  public HistogramStats since(HistogramStats earlier) {
    long[] more = counts.clone();
    for (int i = 0; i < more.length; i++) {
      more[i] -= earlier.counts[i];
    }
    return new HistogramStats(more, sumNanos - earlier.sumNanos);
  }

  /**
   * Estimates a quantile, as if the durations between two bounds lay evenly.
   *
   * @param quantile from 0 to 1
   * @return seconds; the largest bound for what is above it, NaN when nothing was seen
   */
  public double quantileSeconds(double quantile) {
    double rank = quantile * count();
    long below = 0;
    for (int i = 0; i < BOUNDS; i++) {
      if (counts[i] > 0 && below + counts[i] >= rank) {
        double from = i == 0 ? 0 : boundSeconds(i - 1);
        return from + (boundSeconds(i) - from) * (rank - below) / counts[i];
      }
      below += counts[i];
    }
    return below == count() && below == 0 ? Double.NaN : boundSeconds(BOUNDS - 1);
  }
}
