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

/** Collectors with every fault beside two that do their work. */
@Timeout(600)
class CollectorNeighboursTest {
  private static final int RATE = 1_000;
  private static final Duration WATCHED =
      Duration.ofSeconds(Integer.getInteger("fault.seconds", 5));

  /** A share of the rate. */
  private static final double LEAST = 0.95;

  private static final Duration SHOWN = Duration.ofSeconds(5);

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
      long from = System.nanoTime();
      long good = coordinator.figure("events_published_total", "good");
      long other = coordinator.figure("events_published_total", "other");
      await()
          .atMost(WATCHED.plusSeconds(10))
          .until(() -> System.nanoTime() - from > WATCHED.toNanos());
      double wanted = RATE * ((System.nanoTime() - from) / 1e9);
      double goodShare = (coordinator.figure("events_published_total", "good") - good) / wanted;
      double otherShare = (coordinator.figure("events_published_total", "other") - other) / wanted;
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

  private static void awaitUnhealthy(CollectorsCoordinator coordinator, String collector) {
    await().until(() -> coordinator.figure("collector_healthy", collector) == 0);
  }
}
