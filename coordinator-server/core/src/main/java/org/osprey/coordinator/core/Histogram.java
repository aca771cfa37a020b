package org.osprey.coordinator.core;

/** Counts durations by size. Not thread-safe. */
public final class Histogram {
  private final long[] counts = new long[HistogramStats.BOUNDS + 1];
  private long sumNanos;

  public void record(long nanos) {
    counts[HistogramStats.bucket(nanos)]++;
    sumNanos += nanos;
  }

  /** As often as so many durations of this size. */
  public void record(long nanos, long times) {
    counts[HistogramStats.bucket(nanos)] += times;
    sumNanos += nanos * times;
  }

  public HistogramStats stats() {
    return new HistogramStats(counts.clone(), sumNanos);
  }
}
