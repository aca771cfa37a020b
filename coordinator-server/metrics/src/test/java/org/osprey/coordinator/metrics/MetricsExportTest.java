package org.osprey.coordinator.metrics;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osprey.coordinator.core.ManualTicker;

@Timeout(120)
class MetricsExportTest {
  private static final Duration INTERVAL = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Instant NOW = Instant.parse("2026-11-22T03:00:00.5Z");

  private final OtlpReceiver receiver = new OtlpReceiver();
  private final ManualTicker ticker = new ManualTicker();
  private final AtomicInteger events = new AtomicInteger();
  private final MetricsExport export =
      new MetricsExport(
          new MetricsSettings(receiver.endpoint() + "/", INTERVAL, "mine"),
          ticker,
          () -> NOW,
          PATIENCE);

  @AfterEach
  void close() {
    export.close();
    receiver.close();
  }

  @Test
  void aCounterArrivesUnderTheNameOfTheScrape() {
    events.set(7);
    start();
    ticker.advance(INTERVAL);
    awaitRequests(1);
    Metric metric = receiver.metric("orchestrator_events_received_total");
    assertEquals("Events.", metric.getDescription());
    assertEquals("", metric.getUnit());
    assertTrue(metric.getSum().getIsMonotonic());
    assertEquals(
        AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE,
        metric.getSum().getAggregationTemporality());
    NumberDataPoint point = metric.getSum().getDataPoints(0);
    assertEquals(7.0, point.getAsDouble());
    assertEquals(List.of(text("collector", "dns")), point.getAttributesList());
    assertEquals(NOW.toEpochMilli() * 1_000_000, point.getTimeUnixNano());
  }

  @Test
  void everyKindOfMetricArrives() {
    start();
    ticker.advance(INTERVAL);
    awaitRequests(1);
    assertEquals(
        0.25, receiver.metric("buffer_utilization").getGauge().getDataPoints(0).getAsDouble());
    NumberDataPoint info = receiver.metric("build_info").getGauge().getDataPoints(0);
    assertEquals(1.0, info.getAsDouble());
    assertEquals(List.of(text("version", "1")), info.getAttributesList());
    HistogramDataPoint histogram =
        receiver.metric("processing_time_ms").getHistogram().getDataPoints(0);
    assertEquals(List.of(1.0, 5.0), histogram.getExplicitBoundsList());
    assertEquals(List.of(3L, 2L, 1L), histogram.getBucketCountsList());
    assertEquals(6, histogram.getCount());
    assertEquals(12.5, histogram.getSum());
    SummaryDataPoint summary = receiver.metric("pause_seconds").getSummary().getDataPoints(0);
    assertEquals(4, summary.getCount());
    assertEquals(2.5, summary.getSum());
    assertEquals(0.99, summary.getQuantileValues(0).getQuantile());
    assertEquals(1.5, summary.getQuantileValues(0).getValue());
    assertEquals(5, receiver.last().getScopeMetrics(0).getMetricsCount());
    assertTrue(
        receiver.last().getResource().getAttributesList().contains(text("service.name", "mine")));
  }

  @Test
  void theyAreSentOnceInAnInterval() {
    start();
    ticker.advance(INTERVAL.minusMillis(1));
    assertEquals(0, receiver.requests());
    ticker.advance(Duration.ofMillis(1));
    awaitRequests(1);
    events.set(9);
    ticker.advance(INTERVAL);
    awaitRequests(2);
    assertEquals(9.0, received());
    await().untilAsserted(() -> assertDetail("sent=2 failed=0"));
  }

  @Test
  void whatAReceiverDoesNotTakeIsInTheNextNumbers() {
    receiver.status = 503;
    events.set(1);
    start();
    ticker.advance(INTERVAL);
    await().untilAsserted(() -> assertDetail("sent=0 failed=1"));
    assertEquals(1, receiver.requests());
    assertTrue(export.check().healthy());
    receiver.status = 200;
    events.set(2);
    ticker.advance(INTERVAL);
    await().untilAsserted(() -> assertDetail("sent=1 failed=1"));
    assertEquals(2.0, received());
  }

  @Test
  void theLastNumbersAreSentAtTheEnd() {
    start();
    events.set(5);
    export.close();
    assertEquals(1, receiver.requests());
    assertEquals(5.0, received());
    export.close();
    assertEquals(1, receiver.requests());
  }

  @Test
  void aPartThatFailsAtTheEndKeepsNobody() {
    export.of(
        () -> {
          throw new IllegalStateException("closed");
        });
    export.start();
    export.close();
    assertDetail("sent=0 failed=1");
  }

  @Test
  void aReceiverThatIsGoneKeepsNobody() {
    receiver.close();
    start();
    ticker.advance(INTERVAL);
    await().untilAsserted(() -> assertDetail("sent=0 failed=1"));
    export.close();
    assertDetail("sent=0 failed=2");
  }

  private void start() {
    export.of(this::scrape);
    export.start();
  }

  private MetricSnapshots scrape() {
    return MetricSnapshots.of(
        CounterSnapshot.builder()
            .name("orchestrator_events_received")
            .help("Events.")
            .dataPoint(
                CounterSnapshot.CounterDataPointSnapshot.builder()
                    .value(events.get())
                    .labels(Labels.of("collector", "dns"))
                    .build())
            .build(),
        GaugeSnapshot.builder()
            .name("buffer_utilization")
            .dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder().value(0.25).build())
            .build(),
        InfoSnapshot.builder()
            .name("build")
            .dataPoint(
                InfoSnapshot.InfoDataPointSnapshot.builder()
                    .labels(Labels.of("version", "1"))
                    .build())
            .build(),
        HistogramSnapshot.builder()
            .name("processing_time_ms")
            .dataPoint(
                HistogramSnapshot.HistogramDataPointSnapshot.builder()
                    .classicHistogramBuckets(
                        ClassicHistogramBuckets.of(
                            new double[] {1, 5, Double.POSITIVE_INFINITY}, new long[] {3, 2, 1}))
                    .sum(12.5)
                    .build())
            .build(),
        SummarySnapshot.builder()
            .name("pause_seconds")
            .dataPoint(
                SummarySnapshot.SummaryDataPointSnapshot.builder()
                    .count(4)
                    .sum(2.5)
                    .quantiles(Quantiles.of(new Quantile(0.99, 1.5)))
                    .build())
            .build());
  }

  private double received() {
    return receiver
        .metric("orchestrator_events_received_total")
        .getSum()
        .getDataPoints(0)
        .getAsDouble();
  }

  private void awaitRequests(int wanted) {
    await().until(() -> receiver.requests() == wanted);
  }

  private void assertDetail(String counts) {
    assertEquals(
        "endpoint=" + receiver.endpoint() + "/v1/metrics " + counts, export.check().detail());
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }
}
