package org.osprey.coordinator.collectors.flow;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.collector.Severity;

/** Collectors of every policy, while receivers and disk fail as chance has it. */
final class FlowSimulationTest {
  private static final int EVENTS = 3_000;
  private static final int OUTAGES = 4;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void whateverFailsNoEventIsForgottenNorTwiceNorOutOfOrder(long seed) {
    Random random = new Random(seed);
    InMemorySpillStore store = new InMemorySpillStore();
    Route alerts = new Route("spill-1", null, Severity.DEBUG, Route.Kind.ACTION, "alert", 1);
    FlowSettings settings = FlowTester.settings(1 + random.nextInt(4), alerts);
    try (FlowTester tester = FlowTester.started(settings, store)) {
      tester.subjects.unruly(seed);
      tester.actions.unruly(seed + 1);
      store.unruly(new Random(seed));
      Map<String, LaneSettings> lanes = lanes(random);
      List<Thread> emitting = new ArrayList<>();
      lanes.forEach(
          (name, lane) -> emitting.add(tester.emitBeside(tester.flow.open(name, lane), EVENTS)));
      for (int i = 0; i < OUTAGES; i++) {
        outage(tester, random.nextBoolean() ? tester.subjects : tester.actions);
      }
      await().until(() -> emitting.stream().noneMatch(Thread::isAlive));
      await().until(() -> tester.flow.stats().stream().allMatch(FlowSimulationTest::done));
      store.unruly(null);
      await().until(() -> store.rows() == 0);
      await().until(() -> tester.settled.get() == lanes.size() * EVENTS);
      lanes.forEach((name, lane) -> assertSent(tester, name, lane));
    }
  }

  private static Map<String, LaneSettings> lanes(Random random) {
    Map<String, LaneSettings> lanes = new LinkedHashMap<>();
    for (WhenFull policy : WhenFull.values()) {
      for (int i = 0; i < 2; i++) {
        String name = policy.name().toLowerCase(Locale.ROOT) + "-" + i;
        lanes.put(name, new LaneSettings(50 + random.nextInt(200), policy, i == 1, 1));
      }
    }
    return lanes;
  }

  private static void outage(FlowTester tester, RecordingPublisher receiver) {
    receiver.down();
    int appended = tester.store.appended();
    await()
        .until(
            () -> {
              tester.assertBalanced();
              return tester.store.appended() > appended
                  || hasNothingMoreToSpill(tester)
                  || tester.flow.trouble("spill-0").isPresent()
                  || tester.flow.trouble("spill-1").isPresent();
            });
    receiver.up();
    int sent = receiver.count();
    await()
        .until(
            () -> {
              tester.assertBalanced();
              return receiver.count() > sent
                  || tester.flow.stats().stream().allMatch(FlowSimulationTest::done);
            });
  }

  /** Then lanes that block may be all that feels the outage, and they wait for its end. */
  private static boolean hasNothingMoreToSpill(FlowTester tester) {
    return Stream.of("spill-0", "spill-1")
        .allMatch(name -> tester.stats(name).received() == EVENTS);
  }

  private static boolean done(LaneStats stats) {
    return stats.queued() == 0 && stats.spilled() == 0;
  }

  private static void assertSent(FlowTester tester, String name, LaneSettings lane) {
    List<Long> seqs = new ArrayList<>(tester.subjects.seqs(name));
    seqs.addAll(tester.actions.seqs(name));
    Set<Long> distinct = new TreeSet<>(seqs);
    assertEquals(seqs.size(), distinct.size(), name + " sent something twice");
    if (lane.ordered()) {
      assertEquals(List.copyOf(distinct), seqs, name + " out of order");
    }
    LaneStats stats = tester.stats(name);
    assertEquals(EVENTS, stats.received());
    assertTrue(stats.published() <= seqs.size());
    if (lane.whenFull() == WhenFull.BLOCK || lane.whenFull() == WhenFull.SPILL) {
      assertEquals(EVENTS, seqs.size(), name + " sent");
    }
  }
}
