package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.nats.NatsServer;

/**
 * Collectors with every fault beside two that do their work. {@code -Dfault.strict=true} wants
 * faults shown within five seconds, which takes a quiet machine.
 */
@Timeout(600)
class CollectorNeighboursTest {
  private static final int RATE = 1_000;
  private static final Duration WATCHED =
      Duration.ofSeconds(Integer.getInteger("fault.seconds", 5));

  /** A share of the rate. */
  private static final double LEAST = 0.95;

  private static final Duration SHOWN =
      Duration.ofSeconds(Boolean.getBoolean("fault.strict") ? 5 : 30);

  @TempDir private Path folder;

  @Test
  void noneDisturbsTheOthers() {
    try (NatsServer nats = NatsServer.start();
        CollectorsCoordinator coordinator =
            new CollectorsCoordinator(
                folder,
                "nats: {url: \"%s\", subject: \"events.{collector}\"}%n".formatted(nats.url()),
                """
                good: {enabled: true, kind: generator, config: {rate: 1000}}
                other: {enabled: true, kind: generator, config: {rate: 1000}}
                flooding: {enabled: true, kind: generator, when_full: drop-newest, config: {rate: 0}}
                throwing: {enabled: true}
                breaking: {enabled: true}
                hanging: {enabled: true}
                leaking: {enabled: true}
                """)) {
      long began = System.nanoTime();
      for (String faulty : new String[] {"throwing", "breaking", "hanging"}) {
        awaitUnhealthy(coordinator, faulty);
      }
      Duration shown = Duration.ofNanos(System.nanoTime() - began);
      assertEquals(200, coordinator.post("/api/collectors/leaking/restart"));
      long restarted = System.nanoTime();
      awaitUnhealthy(coordinator, "leaking");
      Duration leakShown = Duration.ofNanos(System.nanoTime() - restarted);
      Scrape before = coordinator.scrape();
      Scrape after =
          await()
              .atMost(WATCHED.plusMinutes(1))
              .until(coordinator::scrape, now -> seconds(before, now) > WATCHED.toSeconds());
      double goodShare = share("good", before, after);
      double otherShare = share("other", before, after);
      System.out.printf(
          "collectors fault=neighbours good=%.3f other=%.3f shown_ms=%d leak_shown_ms=%d%n",
          goodShare, otherShare, shown.toMillis(), leakShown.toMillis());
      assertAll(
          () -> assertTrue(goodShare >= LEAST, "good " + goodShare),
          () -> assertTrue(otherShare >= LEAST, "other " + otherShare),
          () -> assertTrue(shown.compareTo(SHOWN) <= 0, "shown after " + shown),
          () -> assertTrue(leakShown.compareTo(SHOWN.multipliedBy(2)) <= 0, "after " + leakShown),
          () -> assertEquals(1, coordinator.figure("collector_healthy", "good")),
          () -> assertEquals(1, coordinator.figure("collector_healthy", "other")));
    }
  }

  /** Of the rate, by the process's own clock: a look takes its time. */
  private static double share(String collector, Scrape before, Scrape after) {
    double published = published(collector, after) - published(collector, before);
    return published / (RATE * seconds(before, after));
  }

  private static double published(String collector, Scrape scrape) {
    return scrape.plain("orchestrator_events_published_total", "collector", collector);
  }

  private static double seconds(Scrape before, Scrape after) {
    return after.plain("process_uptime_seconds") - before.plain("process_uptime_seconds");
  }

  private static void awaitUnhealthy(CollectorsCoordinator coordinator, String collector) {
    await().until(() -> coordinator.figure("collector_healthy", collector) == 0);
  }
}
