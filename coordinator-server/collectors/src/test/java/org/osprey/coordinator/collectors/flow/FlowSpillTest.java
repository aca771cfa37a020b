package org.osprey.coordinator.collectors.flow;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.collectors.flow.Channel.Loss;

final class FlowSpillTest {
  private final InMemorySpillStore store = new InMemorySpillStore();

  private static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  @Test
  void whatFindsNoRoomGoesToDiskAndKeepsItsOrder() throws InterruptedException {
    try (FlowTester tester = FlowTester.started(FlowTester.settings(2), store)) {
      tester.subjects.window(10);
      tester.subjects.hold();
      Flows.Entry entry = tester.flow.open("dns", FlowTester.lane(100, WhenFull.SPILL));
      tester.emit(entry, 5_000);
      assertTrue(store.appended() > 0);
      assertTrue(tester.stats("dns").spilled() > 0);
      tester.assertBalanced();
      tester.subjects.release();
      await().until(() -> tester.stats("dns").published() == 5_000);
      await().until(() -> store.rows() == 0);
      assertEquals(5_000, tester.settled.get());
      assertEquals(upTo(5_000), tester.subjects.seqs("dns"));
    }
  }

  @Test
  void whenNoRowIsLeftEventsTakeTheShortWayAgain() throws InterruptedException {
    try (FlowTester tester = FlowTester.started(FlowTester.settings(2), store)) {
      tester.subjects.down();
      Flows.Entry entry = tester.flow.open("dns", FlowTester.lane(100, WhenFull.SPILL));
      tester.emit(entry, 500);
      tester.subjects.up();
      await().until(() -> tester.stats("dns").published() == 500);
      await().until(() -> store.rows() == 0);
      int appended = store.appended();
      for (int i = 1; i <= 50; i++) {
        tester.emit(entry, 1);
        int published = 500 + i;
        await().until(() -> tester.stats("dns").published() == published);
      }
      assertEquals(appended, store.appended());
      assertEquals(upTo(550), tester.subjects.seqs("dns"));
    }
  }

  @Test
  void aBrokenDiskHasTheCollectorWaitAndSaysWhy() throws InterruptedException {
    try (FlowTester tester = FlowTester.started(FlowTester.settings(2), store)) {
      Flows.Entry entry = tester.flow.open("dns", FlowTester.lane(100, WhenFull.SPILL));
      Flows.Entry other = tester.flow.open("other", FlowTester.lane(100, WhenFull.BLOCK));
      tester.emit(entry, 1);
      tester.emit(other, 1);
      await().until(() -> tester.subjects.count() == 2);
      tester.subjects.down();
      store.failing(true);
      Thread emitting = tester.emitBeside(entry, 1_000);
      await().until(() -> tester.flow.trouble("dns").isPresent());
      assertEquals(Optional.of("the disk is broken"), tester.flow.trouble("dns"));
      assertTrue(tester.flow.trouble("other").isEmpty());
      assertFalse(tester.flow.check().healthy());
      assertTrue(emitting.isAlive());
      tester.assertBalanced();
      store.failing(false);
      emitting.join();
      tester.subjects.up();
      await().until(() -> tester.stats("dns").published() == 1_001);
      await().until(() -> tester.flow.check().healthy());
      assertTrue(tester.flow.trouble("dns").isEmpty());
      assertTrue(tester.stats("dns").dropped().isEmpty());
      assertEquals(upTo(1_001), tester.subjects.seqs("dns"));
    }
  }

  @Test
  void whenAllTheRoomOnDiskIsUsedTheCollectorWaits() throws InterruptedException {
    FlowSettings small =
        new FlowSettings(
            1, FlowTester.BUFFER, 1 << 20, 20_000, FlowTester.DRAIN, List.of(), "events");
    try (FlowTester tester = FlowTester.started(small, store)) {
      tester.subjects.down();
      Flows.Entry entry = tester.flow.open("dns", FlowTester.lane(50, WhenFull.SPILL));
      Thread emitting = tester.emitBeside(entry, 2_000);
      await().until(() -> tester.flow.trouble("dns").isPresent());
      assertTrue(
          tester
              .flow
              .trouble("dns")
              .orElseThrow()
              .contains("orchestrator.spill_max_bytes of 20000"));
      assertTrue(emitting.isAlive());
      tester.subjects.up();
      emitting.join();
      await().until(() -> tester.stats("dns").published() == 2_000);
      assertEquals(upTo(2_000), tester.subjects.seqs("dns"));
      assertTrue(tester.stats("dns").dropped().isEmpty());
    }
  }

  @Test
  void aRowThatCannotBeReadIsCountedAndSkipped() throws InterruptedException {
    leaveBehind("dns", 900);
    store.corruptFirst();
    try (FlowTester tester = FlowTester.started(FlowTester.settings(2), store)) {
      await().until(() -> store.rows() == 0);
      LaneStats stats = tester.stats("dns");
      assertEquals(900, stats.recovered());
      assertEquals(Set.of(Loss.CORRUPT), stats.dropped().keySet());
      assertEquals(900 - stats.droppedTotal(), stats.published());
    }
  }

  @Test
  void whatAnEarlierProcessLeftComesFirst() throws InterruptedException {
    leaveBehind("dns", 300);
    leaveBehind("gone", 20);
    FlowTester tester = new FlowTester(FlowTester.settings(2), store);
    try (tester) {
      Flows.Entry entry = tester.flow.open("dns", FlowTester.lane(100, WhenFull.BLOCK));
      tester.emit(entry, 50);
      tester.flow.start();
      await().until(() -> tester.stats("dns").published() == 350);
      await().until(() -> tester.stats("gone").published() == 20);
      assertEquals(upTo(300), tester.subjects.seqs("dns").subList(0, 300));
      assertEquals(upTo(50), tester.subjects.seqs("dns").subList(300, 350));
      assertEquals(300, tester.stats("dns").recovered());
      assertEquals(50, tester.stats("dns").received());
      assertEquals(50, tester.settled.get());
      await().until(() -> store.rows() == 0);
    }
  }

  @Test
  void aDiskThatIsBrokenAtTheStartIsTriedAgain() throws InterruptedException {
    leaveBehind("dns", 30);
    store.failing(true);
    try (FlowTester tester = FlowTester.started(FlowTester.settings(2), store)) {
      Flows.Entry entry = tester.flow.open("dns", FlowTester.lane(100, WhenFull.BLOCK));
      tester.emit(entry, 10);
      await().until(() -> !tester.flow.check().healthy());
      assertEquals(0, tester.subjects.count());
      store.failing(false);
      await().until(() -> tester.subjects.count() == 40);
      assertEquals(upTo(30), tester.subjects.seqs("dns").subList(0, 30));
    }
  }

  @Test
  void aRowThatIsThereTwiceIsPublishedOnce() throws InterruptedException {
    try (FlowTester tester = FlowTester.started(FlowTester.settings(2), store)) {
      Flows.Entry entry = tester.flow.open("dns", FlowTester.lane(100, WhenFull.SPILL));
      tester.subjects.down();
      store.failAfterwards();
      tester.emit(entry, 500);
      tester.subjects.up();
      await().until(() -> tester.stats("dns").published() == 500);
      await().until(() -> store.rows() == 0);
      assertEquals(upTo(500), tester.subjects.seqs("dns"));
    }
  }

  @Test
  void lossesOnTheWayFromDiskAreCounted() throws InterruptedException {
    try (FlowTester tester = FlowTester.started(FlowTester.settings(2), store)) {
      tester.subjects.down();
      Flows.Entry entry = tester.flow.open("dns", FlowTester.lane(100, WhenFull.SPILL));
      tester.emit(entry, 2_000);
      tester.subjects.unruly(5);
      tester.subjects.up();
      await().until(() -> store.rows() == 0 && tester.stats("dns").queued() == 0);
      LaneStats stats = tester.stats("dns");
      assertEquals(0, stats.spilled());
      assertEquals(Set.of(Loss.UNCONFIRMED), stats.dropped().keySet());
      assertEquals(upTo(2_000), tester.subjects.seqs("dns"));
      await().until(() -> tester.settled.get() == 2_000);
    }
  }

  @Test
  void whatIsLeftAtTheEndIsStoredForEveryPolicy() throws InterruptedException {
    for (WhenFull policy : WhenFull.values()) {
      String name = policy.name();
      leaveBehind(name, 100, policy);
      assertEquals(upTo(100), store.seqs(name));
    }
  }

  @Test
  void whatCannotBeStoredAtTheEndIsCountedAndNotSettled() throws InterruptedException {
    FlowTester tester = FlowTester.started(FlowTester.settings(2), store);
    try (tester) {
      tester.subjects.down();
      Flows.Entry entry = tester.flow.open("dns", FlowTester.lane(200, WhenFull.BLOCK));
      tester.emit(entry, 100);
      store.failing(true);
    }
    assertEquals(Map.of(Loss.STOPPED, 100L), tester.stats("dns").dropped());
    assertEquals(0, tester.settled.get());
  }

  @Test
  void whatIsUnderwayAtTheEndIsStoredInOrder() throws InterruptedException {
    FlowTester tester = FlowTester.started(FlowTester.settings(2), store);
    try (tester) {
      tester.subjects.hold();
      tester.subjects.window(30);
      Flows.Entry entry = tester.flow.open("dns", FlowTester.lane(200, WhenFull.BLOCK));
      tester.emit(entry, 100);
      await().until(() -> tester.subjects.count() == 30);
    }
    assertEquals(upTo(100), store.seqs("dns"));
    assertEquals(100, tester.settled.get());
    assertEquals(100, tester.stats("dns").spilled());
    assertEquals(0, tester.subjects.open());
    assertEquals(0, tester.actions.open());
  }

  @Test
  void whatCanBePublishedAtTheEndIsPublished() throws InterruptedException {
    FlowTester tester = FlowTester.started();
    try (tester) {
      Flows.Entry entry = tester.flow.open("dns", FlowTester.lane(1_000, WhenFull.BLOCK));
      tester.emit(entry, 1_000);
    }
    assertEquals(1_000, tester.stats("dns").published());
    assertEquals(0, tester.store.rows());
  }

  private void leaveBehind(String collector, int events) throws InterruptedException {
    leaveBehind(collector, events, WhenFull.BLOCK);
  }

  private void leaveBehind(String collector, int events, WhenFull policy)
      throws InterruptedException {
    FlowTester tester = new FlowTester(FlowTester.settings(1), store);
    try (tester) {
      tester.subjects.down();
      tester.actions.down();
      tester.flow.start();
      tester.emit(tester.flow.open(collector, FlowTester.lane(1_000, policy)), events);
    }
  }
}
