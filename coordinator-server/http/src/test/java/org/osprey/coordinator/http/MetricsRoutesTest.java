package org.osprey.coordinator.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.ActionNames;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.Histogram;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.InMemoryOrigin;
import org.osprey.coordinator.core.InMemorySource;
import org.osprey.coordinator.core.Lease;
import org.osprey.coordinator.core.ManualTicker;
import org.osprey.coordinator.core.Measured;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.Sources;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Target;
import org.osprey.coordinator.core.Ticker;

@Timeout(120)
class MetricsRoutesTest {
  private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0";
  private static final String PROTOBUF =
      "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily;"
          + " encoding=delimited";

  private final ManualTicker ticker = new ManualTicker();
  private final InMemoryDeadLetters letters = new InMemoryDeadLetters();
  private final Dispatcher dispatcher =
      new Dispatcher(
          DispatcherSettings.DEFAULTS,
          ticker,
          InstantSource.system(),
          new Random(1),
          letters,
          null);
  private final InMemoryOrigin origin = new InMemoryOrigin();
  private final InMemorySource source =
      new InMemorySource("memory", origin, letters, Ticker.system());
  private final Sources sources = new Sources(Map.of("memory", source));
  private final List<Measured> parts = new ArrayList<>();
  private final List<Check> checks = new ArrayList<>();

  @AfterEach
  void close() {
    sources.close();
  }

  @Test
  void aScrapeIsInTheFormatThatItAsksFor() throws Exception {
    try (MetricsRoutes metrics = metrics();
        ServedRoutes served = new ServedRoutes(metrics)) {
      HttpResponse<byte[]> text = served.get("/metrics");
      assertEquals("text/plain; version=0.0.4; charset=utf-8", type(text));
      assertFalse(body(text).contains("# EOF"));
      HttpResponse<byte[]> open = served.get("/metrics", "Accept", OPEN_METRICS);
      assertEquals(OPEN_METRICS + "; charset=utf-8", type(open));
      assertTrue(body(open).endsWith("# EOF\n"));
      HttpResponse<byte[]> binary = served.get("/metrics", "Accept", PROTOBUF);
      assertEquals(PROTOBUF, type(binary));
      assertTrue(body(binary).contains("osprey_coordinator_queue_size"));
      assertFalse(body(binary).contains("# HELP"));
    }
  }

  @Test
  void whatTheDispatcherCountsIsThere() throws Exception {
    try (MetricsRoutes metrics = metrics();
        ServedRoutes served = new ServedRoutes(metrics)) {
      sources.start(dispatcher);
      origin.add(action(1));
      origin.add(action(2));
      origin.addBroken(
          new DeadLetter.Undecoded(null, new byte[1], Map.of(), Instant.EPOCH), "no action");
      await().until(() -> source.progress().undecodable() == 1);
      await().until(() -> dispatcher.stats().async().waiting() == 2);
      ticker.advance(Duration.ofSeconds(3));
      Worker worker = new Worker();
      dispatcher.connect("w", ActionNames.ALL, 1, worker);
      worker.ackLast();
      String scrape = body(served.get("/metrics"));
      assertLine(scrape, "async_added_total", 2);
      assertLine(scrape, "actions_sent_total", 2);
      assertLine(scrape, "acks_received_total", 1);
      assertLine(scrape, "async_results_total{result=\"ack\"}", 1);
      assertLine(scrape, "sync_failed_total{cause=\"queue_full\"}", 0);
      assertLine(scrape, "dead_letters_total{reason=\"undecodable\"}", 1);
      assertLine(scrape, "dead_letters_total{reason=\"nacked\"}", 0);
      assertLine(scrape, "unfinished_actions{lane=\"async\"}", 1);
      assertLine(scrape, "stream_credits_in_use", 1);
      assertLine(scrape, "source_messages_total{source=\"memory\"}", 3);
      assertLine(scrape, "source_lag{source=\"memory\"}", 1);
      assertLine(scrape, "source_paused{source=\"memory\"}", 0);
      assertLine(scrape, "time_in_queue_seconds_count{lane=\"async\"}", 2);
      assertLine(scrape, "time_in_queue_seconds_sum{lane=\"async\"}", 6);
      assertLine(scrape, "time_in_queue_seconds_bucket{lane=\"async\",le=\"2.5\"}", 0);
      assertLine(scrape, "time_in_queue_seconds_bucket{lane=\"async\",le=\"5.0\"}", 2);
      assertLine(scrape, "time_in_queue_seconds_bucket{lane=\"async\",le=\"+Inf\"}", 2);
      assertLine(scrape, "action_outstanding_seconds_count{lane=\"async\"}", 1);
    }
  }

  @Test
  void thePartsTellTheirs() throws Exception {
    parts.add(figures -> figures.counter("things", "Things.", 2, "kind", "round"));
    parts.add(figures -> figures.counter("things", "Things again.", 3, "kind", "round"));
    parts.add(figures -> figures.counter("things", "Things.", 1, "kind", "square"));
    parts.add(figures -> figures.gauge("depth", "Depth.", 0.5));
    checks.add(Check.ok("one", ""));
    checks.add(Check.failed("twin", ""));
    checks.add(Check.ok("twin", ""));
    try (MetricsRoutes metrics = metrics();
        ServedRoutes served = new ServedRoutes(metrics)) {
      String scrape = body(served.get("/metrics"));
      assertLine(scrape, "things_total{kind=\"round\"}", 5);
      assertLine(scrape, "things_total{kind=\"square\"}", 1);
      assertLine(scrape, "depth", 0.5);
      assertTrue(scrape.contains("# HELP osprey_coordinator_things_total Things.\n"), scrape);
      assertTrue(scrape.contains("# TYPE osprey_coordinator_things_total counter\n"), scrape);
      assertLine(scrape, "component_healthy{component=\"one\"}", 1);
      assertLine(scrape, "component_healthy{component=\"twin\"}", 0);
      assertLine(scrape, "component_healthy{component=\"twin 2\"}", 1);
      assertLine(scrape, "loop_stuck{loop=\"memory\"}", 0);
      assertLine(scrape, "loop_failures_total{loop=\"memory\"}", 0);
      assertTrue(scrape.contains("\njvm_memory_used_bytes{"), scrape);
      assertTrue(scrape.contains("\nprocess_uptime_seconds "), scrape);
    }
  }

  @Test
  void oneNameIsOneKindOfNumber() {
    Figures families = new Families();
    families.counter("things", "Things.", 1);
    IllegalStateException wrong =
        assertThrows(IllegalStateException.class, () -> families.gauge("things", "Things.", 1));
    assertEquals("osprey_coordinator_things is told as COUNTER and as GAUGE", wrong.getMessage());
  }

  @Test
  void aPartMayTellUnderAPrefixOfItsOwn() throws Exception {
    Histogram durations = new Histogram();
    durations.record(Duration.ofMillis(3).toNanos());
    parts.add(
        new Measured() {
          @Override
          public void tell(Figures figures) {
            figures.counter("events", "Events.", 7);
            figures.histogram("time_ms", "Time.", durations.stats());
          }

          @Override
          public String prefix() {
            return "other_";
          }
        });
    parts.add(figures -> figures.counter("events", "Events.", 1));
    try (MetricsRoutes metrics = metrics();
        ServedRoutes served = new ServedRoutes(metrics)) {
      String scrape = body(served.get("/metrics"));
      assertLine(scrape, "events_total", 1);
      assertTrue(scrape.contains("\nother_events_total 7.0\n"), scrape);
      assertTrue(scrape.contains("\nother_time_ms_sum 3.0\n"), scrape);
      assertEquals(
          List.of(
              "0.1",
              "0.25",
              "0.5",
              "1.0",
              "2.5",
              "5.0",
              "10.0",
              "25.0",
              "50.0",
              "100.0",
              "250.0",
              "500.0",
              "1000.0",
              "2500.0",
              "5000.0",
              "10000.0",
              "30000.0",
              "60000.0",
              "300000.0",
              "+Inf"),
          scrape
              .lines()
              .filter(line -> line.startsWith("other_time_ms_bucket"))
              .map(line -> line.replaceFirst(".*le=\"([^\"]+)\".*", "$1"))
              .toList());
      assertTrue(scrape.contains("\nother_time_ms_bucket{le=\"2.5\"} 0\n"), scrape);
      assertTrue(scrape.contains("\nother_time_ms_bucket{le=\"5.0\"} 1\n"), scrape);
    }
  }

  @Test
  void closingMayBeRepeatedAndNeedsNoScrape() {
    MetricsRoutes metrics = metrics();
    metrics.close();
    metrics.close();
  }

  private MetricsRoutes metrics() {
    Operator operator =
        new Operator(
            dispatcher,
            sources,
            null,
            () -> checks,
            () -> Operator.Phase.RUNNING,
            "memory",
            () -> {});
    List<SupervisedLoop> loops = source.loops();
    return new MetricsRoutes(operator, loops, parts);
  }

  private static void assertLine(String scrape, String metric, double value) {
    String start = "osprey_coordinator_" + metric + " ";
    List<Double> found =
        scrape
            .lines()
            .filter(line -> line.startsWith(start))
            .map(line -> Double.valueOf(line.substring(start.length())))
            .toList();
    assertEquals(List.of(value), found, () -> start + " in " + scrape);
  }

  private static String type(HttpResponse<byte[]> response) {
    assertEquals(200, response.statusCode());
    return response.headers().firstValue("Content-Type").orElseThrow();
  }

  private static String body(HttpResponse<byte[]> response) {
    return new String(response.body(), UTF_8);
  }

  private static Action action(long id) {
    byte[] payload = "{}".getBytes(UTF_8);
    return new Action(id, "user_login", Action.Encoding.JSON, payload, null, Instant.EPOCH);
  }

  private final class Worker implements Target {
    private final List<Lease> leases = new ArrayList<>();

    void ackLast() {
      Lease last = leases.getLast();
      dispatcher.ack(last.stream(), last.ackId(), Outcome.Acked.EMPTY);
    }

    @Override
    public void lease(Lease lease) {
      leases.add(lease);
    }

    @Override
    public void end() {}
  }
}
