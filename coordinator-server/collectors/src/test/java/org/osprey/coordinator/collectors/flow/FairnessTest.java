package org.osprey.coordinator.collectors.flow;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.collectors.flow.Channel.Loss;
import org.osprey.coordinator.collectors.flow.Channel.Outgoing;

final class FairnessTest {
  /** Of 1,000, half is for four collectors in equal parts, and half for whoever comes. */
  private static final int RESERVED = 125;

  @Test
  void whoFloodsTakesNoRoomAndNoTurnFromOthers() throws InterruptedException {
    try (FlowTester tester = FlowTester.started(FlowTester.settings(1), new InMemorySpillStore())) {
      tester.subjects.down();
      LaneSettings lane = FlowTester.lane(FlowTester.BUFFER, WhenFull.DROP_NEWEST);
      Flows.Entry flood = tester.flow.open("flood", lane);
      List<String> names = List.of("a", "b", "c");
      List<Flows.Entry> others = names.stream().map(name -> tester.flow.open(name, lane)).toList();
      tester.emit(flood, 5_000);
      for (Flows.Entry other : others) {
        tester.emit(other, RESERVED);
      }
      assertEquals(RESERVED + 500, tester.stats("flood").queued());
      names.forEach(name -> assertEquals(Map.of(), tester.stats(name).dropped()));
      tester.subjects.up();
      await().until(() -> tester.subjects.count() == RESERVED * 4 + 500);
      List<Outgoing> firstRound =
          tester.subjects.sent().subList(0, Worker.BATCH + RESERVED * names.size());
      for (String name : names) {
        assertEquals(
            RESERVED,
            firstRound.stream().filter(sent -> sent.event().collector().equals(name)).count());
      }
    }
  }

  @Test
  void roomThatNobodyNeedsIsForWhoeverNeedsIt() throws InterruptedException {
    try (FlowTester tester = FlowTester.started(FlowTester.settings(1), new InMemorySpillStore())) {
      tester.subjects.down();
      LaneSettings lane = FlowTester.lane(FlowTester.BUFFER, WhenFull.DROP_NEWEST);
      Flows.Entry alone = tester.flow.open("alone", lane);
      Flows.Entry gone = tester.flow.open("gone", lane);
      gone.close();
      tester.emit(alone, FlowTester.BUFFER + 10);
      assertEquals(Map.of(Loss.FULL_NEWEST, 10L), tester.stats("alone").dropped());
    }
  }

  @Test
  void bytesAreBoundedToo() throws InterruptedException {
    FlowSettings small =
        new FlowSettings(1, 1_000, 20_000, 0, FlowTester.DRAIN, List.of(), "events");
    try (FlowTester tester = FlowTester.started(small, new InMemorySpillStore())) {
      tester.subjects.down();
      Flows.Entry entry = tester.flow.open("dns", FlowTester.lane(1_000, WhenFull.DROP_NEWEST));
      tester.emit(entry, "x".repeat(900), 100);
      LaneStats stats = tester.stats("dns");
      assertTrue(stats.bytes() <= 20_000 && stats.bytes() > 17_000, stats::toString);
      assertEquals(100 - stats.queued(), stats.droppedTotal());
      tester.subjects.up();
      await().until(() -> tester.stats("dns").queued() == 0);
      assertEquals(0, tester.stats("dns").bytes());
    }
  }
}
