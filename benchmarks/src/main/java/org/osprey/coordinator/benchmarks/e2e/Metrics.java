package org.osprey.coordinator.benchmarks.e2e;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.osprey.coordinator.core.HistogramStats;

/** What a coordinator tells those who scrape it, at one moment. */
final class Metrics {
  private static final String PREFIX = "osprey_coordinator_";

  private final List<String> lines;

  /**
   * @param text as it is scraped
   */
  Metrics(String text) {
    lines = text.lines().toList();
  }

  /**
   * @param series without the prefix, with its labels where it has any
   * @return 0 when there is none
   */
  double value(String series) {
    return lines.stream()
        .filter(line -> line.startsWith(PREFIX + series + " "))
        .mapToDouble(Metrics::last)
        .sum();
  }

  /**
   * @param name of a histogram without labels
   */
  HistogramStats histogram(String name) {
    double[] upTo =
        lines.stream()
            .filter(line -> line.startsWith(PREFIX + name + "_bucket{"))
            .mapToDouble(Metrics::last)
            .toArray();
    if (upTo.length != HistogramStats.BOUNDS + 1) {
      throw new IllegalStateException("/metrics has no histogram " + name);
    }
    long[] counts = new long[upTo.length];
    for (int i = 0; i < upTo.length; i++) {
      counts[i] = (long) (upTo[i] - (i == 0 ? 0 : upTo[i - 1]));
    }
    double seconds = value(name + "_sum");
    return new HistogramStats(counts, (long) (seconds * TimeUnit.SECONDS.toNanos(1)));
  }

  private static double last(String line) {
    return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
  }
}
