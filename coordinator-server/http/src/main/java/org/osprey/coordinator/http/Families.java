package org.osprey.coordinator.http;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.HistogramStats;
import org.osprey.coordinator.core.Measured;

/** Collects what is told in one scrape, and hands it out as Prometheus wants it. One thread. */
final class Families implements Figures {
  private static final String MILLIS = "_ms";
  private static final double MILLIS_PER_SECOND = 1000;

  /** Of the part that tells. */
  private String prefix = Measured.PREFIX;

  private final Map<String, Family> families = new LinkedHashMap<>();

  private enum Kind {
    COUNTER,
    GAUGE,
    HISTOGRAM
  }

  /** All that was told under one name. */
  private record Family(
      Kind kind, String help, Map<Labels, Double> values, Map<Labels, HistogramStats> durations) {
    private static Family of(Kind kind, String help) {
      return new Family(kind, help, new LinkedHashMap<>(), new LinkedHashMap<>());
    }
  }

  /** Has a part tell, under its prefix. */
  void ask(Measured part) {
    prefix = part.prefix();
    part.tell(this);
  }

  @Override
  public void counter(String name, String help, long value, String... labels) {
    family(name, Kind.COUNTER, help).values.merge(Labels.of(labels), (double) value, Double::sum);
  }

  @Override
  public void gauge(String name, String help, double value, String... labels) {
    family(name, Kind.GAUGE, help).values.merge(Labels.of(labels), value, Double::sum);
  }

  @Override
  public void histogram(String name, String help, HistogramStats durations, String... labels) {
    family(name, Kind.HISTOGRAM, help)
        .durations
        .merge(Labels.of(labels), durations, HistogramStats::plus);
  }

  MetricSnapshots snapshots() {
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    families.forEach((name, family) -> all.metricSnapshot(snapshot(name, family)));
    return all.build();
  }

  private Family family(String name, Kind kind, String help) {
    String whole = prefix + name;
    Family family = families.computeIfAbsent(whole, absent -> Family.of(kind, help));
    if (family.kind != kind) {
      throw new IllegalStateException(
          "%s is told as %s and as %s".formatted(whole, family.kind, kind));
    }
    return family;
  }

  private static MetricSnapshot snapshot(String name, Family family) {
    MetricMetadata about = new MetricMetadata(name, family.help);
    return switch (family.kind) {
      case COUNTER -> new CounterSnapshot(about, counters(family));
      case GAUGE -> new GaugeSnapshot(about, gauges(family));
      case HISTOGRAM -> new HistogramSnapshot(about, histograms(family, perSecond(name)));
    };
  }

  private static List<CounterDataPointSnapshot> counters(Family family) {
    return family.values.entrySet().stream()
        .map(point -> new CounterDataPointSnapshot(point.getValue(), point.getKey(), null, 0))
        .toList();
  }

  private static List<GaugeDataPointSnapshot> gauges(Family family) {
    return family.values.entrySet().stream()
        .map(point -> new GaugeDataPointSnapshot(point.getValue(), point.getKey(), null))
        .toList();
  }

  /** How much of its unit a histogram has in a second, by its name. */
  private static double perSecond(String name) {
    return name.endsWith(MILLIS) ? MILLIS_PER_SECOND : 1;
  }

  private static List<HistogramDataPointSnapshot> histograms(Family family, double perSecond) {
    return family.durations.entrySet().stream()
        .map(point -> histogram(point.getKey(), point.getValue(), perSecond))
        .toList();
  }

  private static HistogramDataPointSnapshot histogram(
      Labels labels, HistogramStats durations, double perSecond) {
    return HistogramDataPointSnapshot.builder()
        .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds(perSecond), durations.counts()))
        .sum(durations.sumSeconds() * perSecond)
        .labels(labels)
        .build();
  }

  private static double[] bounds(double perSecond) {
    double[] bounds = new double[HistogramStats.BOUNDS + 1];
    for (int i = 0; i < HistogramStats.BOUNDS; i++) {
      bounds[i] = HistogramStats.boundSeconds(i) * perSecond;
    }
    bounds[HistogramStats.BOUNDS] = Double.POSITIVE_INFINITY;
    return bounds;
  }
}
