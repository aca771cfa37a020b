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
 * Servers die and come back, and coordinators are reloaded and stopped, while collectors emit.
 * {@code -Dfault.outage=60} makes the outages, in seconds, as long as that, {@code
 * -Dfault.reloads=100} reloads so often.
 */
@Timeout(1200)
class CollectorFaultsTest {
  private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("fault.outage", 3));
  private static final int RELOADS = Integer.getInteger("fault.reloads", 20);
  private static final String SUBJECTS = "events.>";

  @TempDir private Path folder;

  @Test
  void aServerThatIsKilledLosesNothingOfAStream() {
    try (NatsServer nats = NatsServer.start();
        EventStreams streams = new EventStreams(nats.url())) {
      streams.create(SUBJECTS);
      try (CollectorsCoordinator coordinator =
          coordinator(nats.url(), "on", generator("load", 5_000, "spill"))) {
        awaitPublished(coordinator, 5_000);
        nats.kill();
        outlast();
        await().until(() -> coordinator.figure("events_spilled", "load") > 0);
        nats.restart();
        long back = System.nanoTime();
        await()
            .atMost(CollectorsCoordinator.PATIENCE)
            .until(() -> coordinator.figure("events_spilled", "load") == 0);
        Duration caughtUp = Duration.ofNanos(System.nanoTime() - back);
        coordinator.disable("load");
        coordinator.awaitSettled("load");
        long received = coordinator.figure("events_received_total", "load");
        CollectedEvents events = streams.stored(SUBJECTS);
        System.out.printf(
            "collectors fault=nats_killed outage=%s received=%d %s caught_up_ms=%d%n",
            OUTAGE, received, events, caughtUp.toMillis());
        assertAll(
            () -> assertEquals(received, events.count()),
            () -> assertEquals(0, events.missing()),
            () -> assertEquals(0, events.notInOrder()),
            () -> assertEquals(0, coordinator.imbalance("load")));
      }
    }
  }

  /** Its subscriber is back before the coordinator, so that it misses nothing by itself. */
  @Test
  void withoutAStreamTheLossIsCounted() {
    try (NatsServer nats = NatsServer.start();
        TcpProxy proxy = TcpProxy.to(nats.port());
        EventStreams subscriber = new EventStreams(nats.url())) {
      CollectedEvents events = subscriber.follow(SUBJECTS);
      try (CollectorsCoordinator coordinator =
          coordinator("nats://" + proxy.target(), "off", generator("load", 20_000, "block"))) {
        awaitPublished(coordinator, 20_000);
        proxy.fallSilent();
        nats.kill();
        proxy.cut();
        outlast();
        nats.restart();
        subscriber.settled();
        proxy.speakAgain();
        proxy.cut();
        long before = coordinator.figure("events_published_total", "load");
        awaitPublished(coordinator, before + 20_000);
        coordinator.disable("load");
        coordinator.awaitSettled("load");
        subscriber.settled();
        long received = coordinator.figure("events_received_total", "load");
        long published = coordinator.figure("events_published_total", "load");
        long lost = coordinator.sum("events_dropped_total", "load");
        await().until(() -> events.count() >= published);
        System.out.printf(
            "collectors fault=nats_killed_core outage=%s received=%d published=%d lost=%d %s%n",
            OUTAGE, received, published, lost, events);
        assertAll(
            () -> assertEquals(received, published + lost),
            () -> assertTrue(events.count() <= published + lost),
            () -> assertEquals(0, events.notInOrder()),
            () -> assertEquals(0, coordinator.imbalance("load")));
      }
    }
  }

  @Test
  void manyReloadsLoseNothing() {
    try (NatsServer nats = NatsServer.start();
        EventStreams streams = new EventStreams(nats.url())) {
      streams.create(SUBJECTS);
      String kept = generator("kept", 2_000, "block");
      try (CollectorsCoordinator coordinator =
          coordinator(nats.url(), "auto", kept + generator("changed", 1_000, "block"))) {
        for (int reload = 0; reload < RELOADS; reload++) {
          coordinator.write(kept + generator("changed", 1_001 + reload, "spill"));
          assertEquals(200, coordinator.post("/api/collectors/reload"));
          long before = coordinator.figure("events_received_total", "changed");
          await().until(() -> coordinator.figure("events_received_total", "changed") > before);
        }
        coordinator.disable("kept");
        coordinator.disable("changed");
        coordinator.awaitSettled("kept");
        coordinator.awaitSettled("changed");
        long kept0 = coordinator.figure("events_received_total", "kept");
        long changed = coordinator.figure("events_received_total", "changed");
        CollectedEvents events = streams.stored(SUBJECTS);
        System.out.printf(
            "collectors fault=reloads times=%d received=%d %s%n", RELOADS, kept0 + changed, events);
        assertAll(
            () -> assertEquals(kept0, events.count("kept")),
            () -> assertEquals(changed, events.count("changed")),
            () -> assertEquals(0, events.missing()),
            () -> assertEquals(0, events.notInOrder()),
            () -> assertEquals(0, coordinator.figure("collector_restarts_total", "kept")));
      }
    }
  }

  @Test
  void whatCannotBePublishedBeforeTheStopIsPublishedAfterTheNextStart() {
    try (NatsServer nats = NatsServer.start();
        EventStreams streams = new EventStreams(nats.url())) {
      streams.create(SUBJECTS);
      String collectors = generator("load", 2_000, "block") + generator("spilled", 2_000, "spill");
      try (CollectorsCoordinator coordinator = coordinator(nats.url(), "on", collectors)) {
        awaitPublished(coordinator, 2_000);
        nats.kill();
        await().until(() -> coordinator.figure("events_spilled", "spilled") > 0);
        await().until(() -> coordinator.figure("events_queued", "load") >= 100);
        long load = coordinator.figure("events_received_total", "load");
        long spilled = coordinator.figure("events_received_total", "spilled");
        coordinator.process().terminate();
        coordinator.process().waitFor();
        nats.restart();
        coordinator.start(collectors.replace("enabled: true", "enabled: false"));
        coordinator.awaitSettled("load");
        coordinator.awaitSettled("spilled");
        CollectedEvents events = streams.stored(SUBJECTS);
        System.out.printf(
            "collectors fault=stopped_during_outage received=%d %s%n", load + spilled, events);
        assertAll(
            () -> assertTrue(events.count("load") >= load),
            () -> assertTrue(events.count("spilled") >= spilled),
            () -> assertEquals(0, events.missing()),
            () -> assertEquals(0, events.notInOrder()),
            () -> assertEquals(0, coordinator.imbalance("load")),
            () -> assertEquals(0, coordinator.imbalance("spilled")));
      }
    }
  }

  private CollectorsCoordinator coordinator(String nats, String jetstream, String collectors) {
    String orchestrator =
        """
        workers: 4
        buffer_size: 2000
        drain_timeout: 1s
        nats: {url: "%s", subject: "events.{collector}", jetstream: "%s"}
        """
            .formatted(nats, jetstream);
    return new CollectorsCoordinator(folder, orchestrator, collectors);
  }

  private static String generator(String name, int rate, String whenFull) {
    return """
    %s:
      enabled: true
      kind: generator
      when_full: %s
      config: {rate: %d, size: 300}
    """
        .formatted(name, whenFull, rate);
  }

  private static void awaitPublished(CollectorsCoordinator coordinator, long events) {
    await()
        .atMost(CollectorsCoordinator.PATIENCE)
        .until(() -> coordinator.figure("events_published_total", "load") >= events);
  }

  private static void outlast() {
    long begin = System.nanoTime();
    await()
        .atMost(OUTAGE.plusSeconds(10))
        .until(() -> System.nanoTime() - begin > OUTAGE.toNanos());
  }
}
