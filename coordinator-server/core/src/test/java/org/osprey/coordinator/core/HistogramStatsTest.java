package org.osprey.coordinator.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HistogramStatsTest {
  private static final long MS = 1_000_000;

  private final Histogram histogram = new Histogram();

  @Test
  void anEmptyOneHasNoQuantile() {
    assertEquals(0, histogram.stats().count());
    assertTrue(Double.isNaN(histogram.stats().quantileSeconds(0.5)));
  }

  @Test
  void aBoundBelongsToItsBucket() {
    histogram.record(5 * MS);
    histogram.record(5 * MS + 1);
    HistogramStats stats = histogram.stats();
    int bucket = HistogramStats.bucket(5 * MS);
    assertEquals(0.005, HistogramStats.boundSeconds(bucket));
    assertEquals(1, stats.counts()[bucket]);
    assertEquals(1, stats.counts()[bucket + 1]);
    assertEquals(0.010000001, stats.sumSeconds(), 1e-12);
  }

  @Test
  void quantilesLieEvenlyBetweenBounds() {
    for (int i = 0; i < 90; i++) {
      histogram.record(7 * MS);
    }
    for (int i = 0; i < 10; i++) {
      histogram.record(20 * MS);
    }
    HistogramStats stats = histogram.stats();
    assertEquals(0.005 + 0.005 * 50 / 90, stats.quantileSeconds(0.5), 1e-9);
    assertEquals(0.010, stats.quantileSeconds(0.9), 1e-9);
    assertEquals(0.010 + 0.015 * 9 / 10, stats.quantileSeconds(0.99), 1e-9);
  }

  @Test
  void whatIsAboveEveryBoundIsTheLargestBound() {
    histogram.record(Long.MAX_VALUE);
    assertEquals(300.0, histogram.stats().quantileSeconds(0.5));
    assertEquals(1, histogram.stats().count());
  }

  @Test
  void theDifferenceOfTwoPicturesIsWhatCameBetween() {
    histogram.record(MS);
    HistogramStats before = histogram.stats();
    histogram.record(3 * MS);
    HistogramStats since = histogram.stats().since(before);
    assertEquals(1, since.count());
    assertEquals(0.003, since.sumSeconds(), 1e-12);
    assertEquals(1, before.count());
  }
}
