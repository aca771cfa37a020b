package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osprey.coordinator.collectors.gateway.CollectorMetrics;
import org.osprey.coordinator.collectors.gateway.FakeCollectors;
import org.osprey.coordinator.core.Histogram;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.metrics.MetricsExport;
import org.osprey.coordinator.metrics.MetricsSettings;
import org.osprey.coordinator.metrics.OtlpReceiver;

/** A receiver of OpenTelemetry gets what a scrape gets. */
@Timeout(120)
class MetricsExportTest {
  private static final Duration OFTEN = Duration.ofMillis(200);

  private final FakeCollectors collectors = new FakeCollectors();
  private final Histogram times = new Histogram();

  @Test
  void everythingOfAScrapeArrivesUnderTheSameNameWithTheSameValue() {
    collectors.put("dns", FakeCollectors.lane("dns", 1_000));
    times.record(Duration.ofMillis(3).toNanos());
    ToldPart told =
        new ToldPart(new CollectorMetrics(collectors, () -> 5, times::stats, times::stats));
    try (OtlpReceiver receiver = new OtlpReceiver();
        CoordinatorTester tester =
            new CoordinatorTester.Setup()
                .component(told)
                .component(export(receiver, OFTEN))
                .start()) {
      await().until(() -> receiver.requests() > 1);
      Scrape scrape = Scrape.of(tester);
      Map<String, Double> sent = samples(receiver);
      Map<String, Double> asked = new TreeMap<>(scrape.samples("orchestrator_"));
      assertEquals(asked, new TreeMap<>(starting(sent, "orchestrator_")));
      assertEquals(1000.0, sent.get("orchestrator_events_received_total{collector=dns}"));
      assertTrue(asked.size() > 60, asked::toString);
      List<String> others =
          List.of("osprey_coordinator_queue_size{lane=sync}", "osprey_coordinator_leases_out{}");
      others.forEach(name -> assertEquals(0.0, sent.get(name), name));
      assertTrue(sent.keySet().stream().anyMatch(name -> name.startsWith("jvm_memory_used_bytes")));
    }
  }

  @Test
  void theLastNumbersArriveWhenTheCoordinatorStops() {
    try (OtlpReceiver receiver = new OtlpReceiver()) {
      CoordinatorTester tester =
          new CoordinatorTester.Setup()
              .component(export(receiver, Duration.ofHours(1)))
              .component(
                  new ToldPart(
                      new CollectorMetrics(collectors, () -> 5, times::stats, times::stats)))
              .start();
      assertEquals(0, receiver.requests());
      tester.close();
      assertEquals(5.0, samples(receiver).get("orchestrator_publish_errors_total{}"));
    }
  }

  private static MetricsExport export(OtlpReceiver receiver, Duration interval) {
    return new MetricsExport(
        new MetricsSettings(receiver.endpoint(), interval, "it"),
        Ticker.system(),
        InstantSource.system());
  }

  private static Map<String, Double> starting(Map<String, Double> samples, String prefix) {
    Map<String, Double> some = new TreeMap<>(samples);
    some.keySet().removeIf(name -> !name.startsWith(prefix));
    return some;
  }

  /** As a scrape would write them. */
  private static Map<String, Double> samples(OtlpReceiver receiver) {
    Map<String, Double> samples = new TreeMap<>();
    for (Metric metric : receiver.last().getScopeMetrics(0).getMetricsList()) {
      String name = metric.getName();
      for (NumberDataPoint point : metric.getSum().getDataPointsList()) {
        samples.put(name + labels(point.getAttributesList()), point.getAsDouble());
      }
      for (NumberDataPoint point : metric.getGauge().getDataPointsList()) {
        samples.put(name + labels(point.getAttributesList()), point.getAsDouble());
      }
      metric.getHistogram().getDataPointsList().forEach(point -> add(samples, name, point));
    }
    return samples;
  }

  private static void add(Map<String, Double> samples, String name, HistogramDataPoint point) {
    long within = 0;
    for (int i = 0; i < point.getBucketCountsCount(); i++) {
      within += point.getBucketCounts(i);
      String bound =
          i < point.getExplicitBoundsCount() ? Double.toString(point.getExplicitBounds(i)) : "+Inf";
      samples.put(name + "_bucket" + Map.of("le", bound), (double) within);
    }
    samples.put(name + "_sum{}", point.getSum());
    samples.put(name + "_count{}", (double) point.getCount());
  }

  private static Map<String, String> labels(List<KeyValue> attributes) {
    Map<String, String> labels = new LinkedHashMap<>();
    attributes.forEach(each -> labels.put(each.getKey(), each.getValue().getStringValue()));
    return labels;
  }
}
