package org.osprey.coordinator.pubsub;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.codec.ActionDecoder;
import org.osprey.coordinator.codec.ActionNumbers;
import org.osprey.coordinator.core.CountingIds;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.Ticker;

/**
 * Rows R20 and R21 of the reliability table, short by default; {@code -Dfault.messages=100000
 * -Dfault.seconds=480} for all of it.
 */
class PubsubFaultsTest {
  private static final int MESSAGES = Integer.getInteger("fault.messages", 1200);
  private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("fault.seconds", 6));
  private static final int CUTS = (int) Math.max(1, TIME.toSeconds() / 30);
  private static final int IN_FLIGHT = 500;
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final PubsubEmulator emulator = PubsubEmulator.get();
  private final TestPubsub pubsub = new TestPubsub(emulator, DEADLINE);

  /** Leases of 10 s, a backlog that takes longer, and a pull that is much faster than workers. */
  @Test
  void r20WorkersThatAreSlowerThanThePullCauseNoRedelivery() {
    int perSecond = Math.max(100, MESSAGES / 200);
    pubsub.sendIds(1, MESSAGES + 1);
    try (pubsub;
        SlowWorkers workers = new SlowWorkers(perSecond, 1000);
        PubsubSource source = source(emulator.host(), 5000)) {
      source.start(workers.dispatcher());
      await()
          .atMost(Duration.ofSeconds(60).plusSeconds(2L * MESSAGES / perSecond))
          .until(() -> workers.completed() == MESSAGES && source.stats().held() == 0);
      print("R20", MESSAGES, workers, source);
      assertTrue(
          workers.duplicates() <= MESSAGES / 1000, () -> "duplicates " + workers.duplicates());
    }
  }

  /** The connection is cut again and again, and refused for a quarter of the time. */
  @Test
  void r21CutsAndOutagesLoseNothing() throws Exception {
    int perSecond = 300;
    int messages = (int) (perSecond * TIME.toSeconds());
    pubsub.sendIds(1, messages + 1);
    try (pubsub;
        TcpProxy proxy = new TcpProxy(emulator.port());
        SlowWorkers workers = new SlowWorkers(perSecond, 1000);
        PubsubSource source = source(proxy.host(), IN_FLIGHT)) {
      source.start(workers.dispatcher());
      cutEvery(TIME.dividedBy(CUTS + 2), CUTS, proxy, () -> workers.completed() == messages);
      proxy.setRefusing(true);
      elapse(TIME.dividedBy(4));
      proxy.setRefusing(false);
      await()
          .atMost(TIME.plusSeconds(90))
          .untilAsserted(
              () -> {
                assertEquals(messages, workers.completed(), () -> source.stats().toString());
                assertTrue(source.check().healthy(), () -> source.check().toString());
              });
      awaitLateRepeats(source);
      print("R21", messages, workers, source);
      assertTrue(
          workers.duplicates() <= IN_FLIGHT * (CUTS + 1L),
          () -> "duplicates " + workers.duplicates());
    }
  }

  /** What was leased to a stream that was cut comes again when that lease is over. */
  private static void awaitLateRepeats(PubsubSource source) {
    long[] received = {-1};
    await()
        .pollInterval(DEADLINE.plusSeconds(2))
        .atMost(Duration.ofMinutes(5))
        .until(
            () -> {
              long before = received[0];
              received[0] = source.stats().received();
              return before == received[0] && source.stats().held() == 0;
            });
  }

  private static void cutEvery(
      Duration interval, int times, TcpProxy proxy, BooleanSupplier finished) {
    for (int i = 0; i < times && !finished.getAsBoolean(); i++) {
      elapse(interval);
      proxy.cut();
    }
  }

  /** Part of the fault itself, not a wait for anything. */
  private static void elapse(Duration time) {
    await().pollDelay(time).atMost(time.plusMinutes(1)).until(() -> true);
  }

  private PubsubSource source(String host, int maxMessages) {
    PubsubSettings settings =
        PubsubSettings.builder(TestPubsub.PROJECT, pubsub.subscription())
            .emulatorHost(host)
            .maxMessages(maxMessages)
            .minLeaseExtension(DEADLINE)
            .channelTimeout(Duration.ofSeconds(1))
            .build();
    return new PubsubSource(
        settings,
        new ActionDecoder(new CountingIds(), ActionNumbers.BUILT_IN),
        new InMemoryDeadLetters(),
        Ticker.system());
  }

  private static void print(String row, int accepted, SlowWorkers workers, PubsubSource source) {
    System.out.printf(
        "%s accepted=%d completed=%d duplicates=%d longest_gap=%.1fs %s%n",
        row,
        accepted,
        workers.completed(),
        workers.duplicates(),
        workers.longestGap().toMillis() / 1000.0,
        source.stats());
  }
}
