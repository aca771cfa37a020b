package org.osprey.coordinator.metrics;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.Data;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.HistogramData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.metrics.data.SummaryData;
import io.opentelemetry.sdk.metrics.data.SummaryPointData;
import io.opentelemetry.sdk.metrics.data.ValueAtQuantile;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes metrics of OpenTelemetry out of one scrape, under the names that the scrape has, so that
 * both ways are looked at with the same expressions. Numbers count from the start.
 */
final class Conversion {
  private static final String TOTAL = "_total";
  private static final String INFO = "_info";

  private final Resource resource;
  private final long startNanos;
  private final long nowNanos;

  /**
   * @param startNanos since the epoch, when everything was nought
   * @param nowNanos since the epoch, when the scrape was made
   */
  Conversion(Resource resource, long startNanos, long nowNanos) {
    this.resource = resource;
    this.startNanos = startNanos;
    this.nowNanos = nowNanos;
  }

  Collection<MetricData> of(MetricSnapshots scrape) {
    List<MetricData> metrics = new ArrayList<>();
    for (MetricSnapshot snapshot : scrape) {
      MetricData metric = metric(snapshot);
      if (metric != null) {
        metrics.add(metric);
      }
    }
    return metrics;
  }

  /** Null for kinds that nothing of a coordinator has. */
  private @Nullable MetricData metric(MetricSnapshot snapshot) {
    String name = snapshot.getMetadata().getPrometheusName();
    return switch (snapshot) {
      case CounterSnapshot counter ->
          metric(counter, ending(name, TOTAL), MetricDataType.DOUBLE_SUM, sum(counter));
      case GaugeSnapshot gauge ->
          metric(
              gauge,
              name,
              MetricDataType.DOUBLE_GAUGE,
              GaugeData.createDoubleGaugeData(
                  points(gauge.getDataPoints(), point -> number(point, point.getValue()))));
      case InfoSnapshot info ->
          metric(
              info,
              ending(name, INFO),
              MetricDataType.DOUBLE_GAUGE,
              GaugeData.createDoubleGaugeData(
                  points(info.getDataPoints(), point -> number(point, 1))));
      case HistogramSnapshot histogram ->
          metric(
              histogram,
              name,
              MetricDataType.HISTOGRAM,
              HistogramData.create(
                  AggregationTemporality.CUMULATIVE,
                  points(histogram.getDataPoints(), this::histogram)));
      case SummarySnapshot summary ->
          metric(
              summary,
              name,
              MetricDataType.SUMMARY,
              SummaryData.create(points(summary.getDataPoints(), this::summary)));
      default -> null;
    };
  }

  private MetricData metric(
      MetricSnapshot snapshot, String name, MetricDataType type, Data<?> data) {
    String help = snapshot.getMetadata().getHelp();
    return new Exported(resource, name, help == null ? "" : help, type, data);
  }

  private Data<?> sum(CounterSnapshot counter) {
    return SumData.createDoubleSumData(
        true,
        AggregationTemporality.CUMULATIVE,
        points(counter.getDataPoints(), point -> number(point, point.getValue())));
  }

  private DoublePointData number(DataPointSnapshot point, double value) {
    return DoublePointData.create(
        startNanos, nowNanos, attributes(point.getLabels()), value, List.of());
  }

  private HistogramPointData histogram(HistogramDataPointSnapshot point) {
    ClassicHistogramBuckets buckets = point.getClassicBuckets();
    List<Double> bounds = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    for (int i = 0; i < buckets.size(); i++) {
      counts.add(buckets.getCount(i));
      // The last one is endless, which goes without saying here.
      if (i < buckets.size() - 1) {
        bounds.add(buckets.getUpperBound(i));
      }
    }
    return HistogramPointData.create(
        startNanos,
        nowNanos,
        attributes(point.getLabels()),
        point.getSum(),
        false,
        0,
        false,
        0,
        bounds,
        counts);
  }

  private SummaryPointData summary(SummaryDataPointSnapshot point) {
    List<ValueAtQuantile> quantiles = new ArrayList<>();
    point
        .getQuantiles()
        .forEach(
            quantile ->
                quantiles.add(ValueAtQuantile.create(quantile.getQuantile(), quantile.getValue())));
    return SummaryPointData.create(
        startNanos,
        nowNanos,
        attributes(point.getLabels()),
        point.getCount(),
        point.getSum(),
        quantiles);
  }

  private static <S, T> List<T> points(List<S> points, Function<S, T> conversion) {
    return points.stream().map(conversion).toList();
  }

  private static Attributes attributes(Labels labels) {
    AttributesBuilder attributes = Attributes.builder();
    labels.forEach(label -> attributes.put(label.getName(), label.getValue()));
    return attributes.build();
  }

  private static String ending(String name, String ending) {
    return name.endsWith(ending) ? name : name + ending;
  }
}
