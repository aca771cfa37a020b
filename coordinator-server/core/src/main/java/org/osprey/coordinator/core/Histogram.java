package org.osprey.coordinator.core;

/** Counts durations by size. Not thread-safe. */
public final class Histogram {
  private final long[] counts = new long[HistogramStats.BOUNDS + 1];
  private long sumNanos;

  public void record(long nanos) {
    counts[HistogramStats.bucket(nanos)]++;
    sumNanos += nanos;
  }

  public HistogramStats stats() {
    return new HistogramStats(counts.clone(), sumNanos);
  }
}
