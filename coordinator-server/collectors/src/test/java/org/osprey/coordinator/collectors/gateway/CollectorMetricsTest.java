package org.osprey.coordinator.collectors.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.collectors.flow.LaneStats;
import org.osprey.coordinator.collectors.lifecycle.CollectorOperations.ReloadStats;
import org.osprey.coordinator.collectors.lifecycle.CollectorView.Phase;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.Histogram;
import org.osprey.coordinator.core.HistogramStats;

class CollectorMetricsTest {
  private final FakeCollectors collectors = new FakeCollectors();
  private final Histogram processing = new Histogram();
  private final Histogram emitToPublish = new Histogram();
  private final CollectorMetrics metrics =
      new CollectorMetrics(collectors, () -> 5, processing::stats, emitToPublish::stats);

  @Test
  void everythingOfACollectorIsTold() {
    collectors.put("dns", FakeCollectors.lane("dns", 1_000));
    assertEquals("orchestrator_", metrics.prefix());
    Map<String, Double> expected =
        new TreeMap<>(
            Map.of(
                "collector_healthy[collector, dns]", 1.0,
                "collector_restarts[collector, dns]", 2.0,
                "collector_stray_threads[collector, dns]", 0.0,
                "events_received[collector, dns]", 1000.0,
                "events_recovered[collector, dns]", 7.0,
                "events_published[collector, dns]", 900.0,
                "events_sampled_out[collector, dns]", 20.0,
                "events_queued[collector, dns]", 25.0,
                "events_spilled[collector, dns]", 25.0,
                "buffer_utilization[collector, dns]", 0.25));
    expected.putAll(
        Map.of(
            "events_dropped[collector, dns, reason, full_newest]", 30.0,
            "events_dropped[collector, dns, reason, full_oldest]", 0.0,
            "events_dropped[collector, dns, reason, unconfirmed]", 7.0,
            "events_dropped[collector, dns, reason, too_large]", 0.0,
            "events_dropped[collector, dns, reason, refused]", 0.0,
            "events_dropped[collector, dns, reason, corrupt]", 0.0,
            "events_dropped[collector, dns, reason, stopped]", 0.0));
    expected.putAll(
        Map.of(
            "publish_errors[]", 5.0,
            "reloads[result, success]", 0.0,
            "reloads[result, failure]", 0.0,
            "config_last_reload_successful[]", 1.0,
            "config_info[hash, c0ffee]", 1.0));
    assertEquals(expected, told().numbers);
  }

  @Test
  void theTimesAreTold() {
    processing.record(Duration.ofMillis(1).toNanos());
    emitToPublish.record(Duration.ofMillis(2).toNanos());
    emitToPublish.record(Duration.ofMillis(3).toNanos());
    Told told = told();
    assertEquals(Map.of("worker_processing_time_ms", 1L, "emit_to_publish_ms", 2L), told.counts);
  }

  @Test
  void aBufferIsNeverMoreThanFull() {
    collectors.put("dns", new LaneStats("dns", 150, 0, 0, Map.of(), 0, 150, 0, 10, 100, 1));
    assertEquals(1.0, told().numbers.get("buffer_utilization[collector, dns]"));
  }

  @Test
  void whatIsNotToRunIsNotUnhealthy() {
    collectors.put("off", Phase.DISABLED, false, "disabled", null);
    collectors.put("bad", Phase.BACKING_OFF, false, "no such host", null);
    Told told = told();
    assertEquals(1.0, told.numbers.get("collector_healthy[collector, off]"));
    assertEquals(0.0, told.numbers.get("collector_healthy[collector, bad]"));
  }

  @Test
  void aRefusedConfigurationIsSeen() {
    collectors.reloaded(new ReloadStats(4, 2, true, "f00d"));
    Told told = told();
    assertEquals(4.0, told.numbers.get("reloads[result, success]"));
    assertEquals(2.0, told.numbers.get("reloads[result, failure]"));
    assertEquals(0.0, told.numbers.get("config_last_reload_successful[]"));
    assertEquals(1.0, told.numbers.get("config_info[hash, f00d]"));
  }

  private Told told() {
    Told told = new Told();
    metrics.tell(told);
    return told;
  }

  private static final class Told implements Figures {
    private final Map<String, Double> numbers = new TreeMap<>();
    private final Map<String, Long> counts = new TreeMap<>();

    @Override
    public void counter(String name, String help, long value, String... labels) {
      numbers.merge(name + List.of(labels), (double) value, Double::sum);
    }

    @Override
    public void gauge(String name, String help, double value, String... labels) {
      numbers.merge(name + List.of(labels), value, Double::sum);
    }

    @Override
    public void histogram(String name, String help, HistogramStats durations, String... labels) {
      counts.put(name, durations.count());
    }
  }
}
