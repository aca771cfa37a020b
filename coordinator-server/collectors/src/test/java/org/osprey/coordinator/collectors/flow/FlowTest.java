package org.osprey.coordinator.collectors.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.collector.Emitter.ClosedException;
import org.osprey.coordinator.collector.Severity;
import org.osprey.coordinator.collectors.flow.Channel.Loss;

final class FlowTest {
  private static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  @Test
  void eventsArriveInOrderAndAreSettledOnce() throws InterruptedException {
    try (FlowTester tester = FlowTester.started()) {
      Flows.Entry entry = tester.flow.open("dns", FlowTester.lane(100, WhenFull.BLOCK));
      tester.emit(entry, 5_000);
      await().until(() -> tester.settled.get() == 5_000);
      assertEquals(upTo(5_000), tester.subjects.seqs("dns"));
      assertEquals("events.dns", tester.subjects.sent().getFirst().destination());
      await().until(() -> tester.stats("dns").published() == 5_000);
      await().until(() -> tester.flow.emitToPublish().count() == 5_000);
      assertEquals(5_000, tester.flow.processing().count());
    }
  }

  @Test
  void aFullRingBlocksItsOwnCollectorOnly() throws InterruptedException {
    Route held = new Route("slow", null, Severity.DEBUG, Route.Kind.ACTION, "act", 1);
    try (FlowTester tester =
        FlowTester.started(FlowTester.settings(1, held), new InMemorySpillStore())) {
      tester.actions.down();
      Flows.Entry slow = tester.flow.open("slow", FlowTester.lane(100, WhenFull.BLOCK));
      Flows.Entry fast = tester.flow.open("fast", FlowTester.lane(100, WhenFull.BLOCK));
      Thread blocked = tester.emitBeside(slow, 200);
      tester.emit(fast, 3_000);
      await().until(() -> tester.subjects.count() == 3_000);
      await().until(() -> blocked.getState() == Thread.State.TIMED_WAITING);
      assertEquals(100, tester.stats("slow").queued());
      tester.actions.up();
      await().until(() -> tester.actions.count() == 200);
      assertEquals(upTo(200), tester.actions.seqs("slow"));
    }
  }

  @Test
  void newOnesAreDroppedWhenFull() throws InterruptedException {
    try (FlowTester tester = FlowTester.started()) {
      tester.subjects.down();
      Flows.Entry entry = tester.flow.open("dns", FlowTester.lane(100, WhenFull.DROP_NEWEST));
      tester.emit(entry, 150);
      assertEquals(Map.of(Loss.FULL_NEWEST, 50L), tester.stats("dns").dropped());
      assertEquals(50, tester.settled.get());
      tester.subjects.up();
      await().until(() -> tester.settled.get() == 150);
      assertEquals(upTo(100), tester.subjects.seqs("dns"));
    }
  }

  @Test
  void oldOnesAreDroppedWhenFull() throws InterruptedException {
    try (FlowTester tester = FlowTester.started()) {
      tester.subjects.down();
      Flows.Entry entry = tester.flow.open("dns", FlowTester.lane(100, WhenFull.DROP_OLDEST));
      tester.emit(entry, 150);
      assertEquals(Map.of(Loss.FULL_OLDEST, 50L), tester.stats("dns").dropped());
      tester.subjects.up();
      await().until(() -> tester.settled.get() == 150);
      assertEquals(upTo(150).subList(50, 150), tester.subjects.seqs("dns"));
    }
  }

  @Test
  void anEventThatNeverFitsIsDropped() throws InterruptedException {
    FlowSettings small = new FlowSettings(1, 100, 600, 0, FlowTester.DRAIN, List.of(), "events");
    try (FlowTester tester = FlowTester.started(small, new InMemorySpillStore())) {
      Flows.Entry entry = tester.flow.open("dns", FlowTester.lane(100, WhenFull.BLOCK));
      tester.emit(entry, "x".repeat(1_000), 1);
      tester.emit(entry, "small", 3);
      await().until(() -> tester.settled.get() == 4);
      assertEquals(Map.of(Loss.TOO_LARGE, 1L), tester.stats("dns").dropped());
      await().until(() -> tester.stats("dns").published() == 3);
    }
  }

  @Test
  void whoWaitsIsToldThatTheWayInIsClosed() throws InterruptedException {
    try (FlowTester tester = FlowTester.started()) {
      tester.subjects.down();
      Flows.Entry entry = tester.flow.open("dns", FlowTester.lane(100, WhenFull.BLOCK));
      AtomicBoolean told = new AtomicBoolean();
      Thread thread =
          new Thread(
              () -> {
                try {
                  tester.emit(entry, 101);
                } catch (ClosedException e) {
                  told.set(true);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      thread.start();
      await().until(() -> tester.stats("dns").queued() == 100);
      entry.close();
      thread.join();
      assertTrue(told.get());
      ClosedException closed = assertThrows(ClosedException.class, () -> tester.emit(entry, 1));
      assertEquals("collector is closed: dns", closed.getMessage());
      assertEquals(100, tester.stats("dns").received());
    }
  }

  @Test
  void aNewWayInGoesOnWhereTheOneBeforeEnded() throws InterruptedException {
    try (FlowTester tester = FlowTester.started()) {
      Flows.Entry first = tester.flow.open("dns", FlowTester.lane(100, WhenFull.BLOCK));
      tester.emit(first, 10);
      Flows.Entry second = tester.flow.open("dns", FlowTester.lane(50, WhenFull.DROP_NEWEST));
      tester.emit(second, 10);
      assertThrows(ClosedException.class, () -> tester.emit(first, 1));
      await().until(() -> tester.subjects.count() == 20);
      assertEquals(upTo(20), tester.subjects.seqs("dns"));
      assertEquals(50, tester.stats("dns").capacity());
    }
  }

  @Test
  void samplingIsCountedAndSettled() throws InterruptedException {
    Route half = new Route(null, "noise.*", Severity.DEBUG, Route.Kind.SUBJECT, "noise", 0);
    try (FlowTester tester =
        FlowTester.started(FlowTester.settings(2, half), new InMemorySpillStore())) {
      Flows.Entry entry = tester.flow.open("dns", new LaneSettings(100, WhenFull.BLOCK, true, 0.5));
      tester.emit(entry, "noise.low", 100);
      assertEquals(100, tester.stats("dns").sampledOut());
      tester.emit(entry, "signal", 1_000);
      await().until(() -> tester.settled.get() == 1_100);
      long sampledOut = tester.stats("dns").sampledOut();
      assertTrue(sampledOut >= 500 && sampledOut <= 700, "sampled out: " + sampledOut);
      await().until(() -> tester.stats("dns").queued() == 0);
      assertEquals(upTo(tester.stats("dns").published()), tester.subjects.seqs("dns"));
    }
  }

  @Test
  void aReceiverWithoutRoomHoldsUpItsOwnEventsOnly() throws InterruptedException {
    Route alerts = new Route(null, "alert", Severity.DEBUG, Route.Kind.ACTION, "page", 1);
    try (FlowTester tester =
        FlowTester.started(FlowTester.settings(1, alerts), new InMemorySpillStore())) {
      tester.actions.down();
      Flows.Entry entry = tester.flow.open("dns", FlowTester.lane(500, WhenFull.BLOCK));
      tester.emit(entry, "alert", 10);
      tester.emit(entry, "plain", 400);
      await().until(() -> tester.subjects.count() == 400);
      await().until(() -> tester.stats("dns").queued() == 10);
      tester.actions.up();
      await().until(() -> tester.actions.count() == 10);
      assertTrue(
          tester.actions.sent().stream().allMatch(sent -> sent.destination().equals("page")));
    }
  }

  @Test
  void lossesAreCountedByReason() throws InterruptedException {
    try (FlowTester tester = FlowTester.started()) {
      tester.subjects.unruly(7);
      Flows.Entry entry = tester.flow.open("dns", FlowTester.lane(100, WhenFull.BLOCK));
      tester.emit(entry, 2_000);
      await().until(() -> tester.stats("dns").queued() == 0);
      LaneStats stats = tester.stats("dns");
      assertEquals(Set.of(Loss.UNCONFIRMED), stats.dropped().keySet());
      assertEquals(2_000, stats.published() + stats.droppedTotal());
      // Told after it was counted.
      await().until(() -> tester.settled.get() == 2_000);
      assertEquals(upTo(2_000), tester.subjects.seqs("dns"));
    }
  }

  @Test
  void lanesThatOpenLaterDoNotBreakTheOrderOfThoseThatFlow() throws InterruptedException {
    try (FlowTester tester = FlowTester.started(FlowTester.settings(4), new InMemorySpillStore())) {
      tester.subjects.unruly(3);
      Flows.Entry entry = tester.flow.open("dns", FlowTester.lane(100, WhenFull.BLOCK));
      Thread emitting = tester.emitBeside(entry, 5_000);
      for (int i = 0; i < 20; i++) {
        tester.emit(tester.flow.open("other-" + i, FlowTester.lane(100, WhenFull.BLOCK)), 50);
      }
      emitting.join();
      await().until(() -> tester.stats("dns").queued() == 0);
      assertEquals(upTo(5_000), tester.subjects.seqs("dns"));
    }
  }

  @Test
  void aFailingCallbackIsNoTroubleOfTheFlow() throws InterruptedException {
    try (FlowTester tester = FlowTester.started()) {
      Flows.Entry entry = tester.flow.open("dns", FlowTester.lane(100, WhenFull.BLOCK));
      entry.emit(
          FlowTester.event("test"),
          () -> {
            throw new IllegalStateException("a callback that fails");
          });
      tester.emit(entry, 10);
      await().until(() -> tester.stats("dns").published() == 11);
    }
  }

  @Test
  void theEventIsWrittenOnceWithItsIdAndItsCollector() throws InterruptedException {
    try (FlowTester tester = FlowTester.started()) {
      Flows.Entry entry = tester.flow.open("dns", FlowTester.lane(100, WhenFull.BLOCK));
      tester.emit(entry, "dns.changed", 1);
      await().until(() -> tester.subjects.count() == 1);
      Encoded event = tester.subjects.sent().getFirst().event();
      assertEquals(
          "{\"id\":\"%s\",\"collector\":\"dns\",\"type\":\"dns.changed\",\"severity\":\"info\""
                  .formatted(event.id())
              + ",\"timestamp\":\"2023-11-14T22:13:20Z\",\"attributes\":{\"host\":\"a\"}}",
          new String(event.body(), UTF_8));
    }
  }
}
