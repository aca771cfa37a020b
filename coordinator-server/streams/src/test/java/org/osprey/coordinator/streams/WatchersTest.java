package org.osprey.coordinator.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.osprey.coordinator.proto.streams.v1.Result.RESULT_INVALID;
import static org.osprey.coordinator.proto.streams.v1.Result.RESULT_OK;
import static org.osprey.coordinator.proto.streams.v1.Result.RESULT_UNKNOWN_STREAM;
import static org.osprey.coordinator.proto.streams.v1.StreamMode.STREAM_MODE_IDLE;
import static org.osprey.coordinator.proto.streams.v1.StreamMode.STREAM_MODE_PAUSED;
import static org.osprey.coordinator.proto.streams.v1.StreamMode.STREAM_MODE_RUNNING;
import static org.osprey.coordinator.proto.streams.v1.StreamMode.STREAM_MODE_STOPPED;
import static org.osprey.coordinator.streams.Rig.assertResult;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.OnEmpty;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.StartCommand;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;
import org.osprey.coordinator.proto.streams.v1.SubscriberCounts;

/** How those who watch come and go, and what that does to a stream. */
class WatchersTest {
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Duration REMOVAL = Duration.ofMinutes(1);
  private static final Duration LITTLE = Duration.ofMillis(10);

  private final Rig rig = new Rig();

  private static void assertNear(long expected, long actual) {
    assertTrue(actual >= expected && actual <= expected + 10, "at " + actual);
  }

  private void create() {
    rig.start(Rig.show().setLoopScenes(true).build());
  }

  @Test
  void theReplyToARegisterHasTheState() {
    create();
    rig.register("a", "1");
    rig.pass(Duration.ofSeconds(4));
    CommandReply reply = rig.register("b", "2");
    StateUpdate state = reply.getState();
    assertEquals("Main", state.getCurrentScene());
    assertEquals(4_000, state.getCurrentTime());
    rig.pass(Duration.ofMillis(200));
    StateUpdate next = rig.last();
    assertEquals(state.getEpoch(), next.getEpoch());
    assertTrue(next.getSeq() > state.getSeq());
  }

  @Test
  void theClockStopsAWhileAfterTheLastHasLeft() {
    create();
    rig.register("a", "1");
    rig.register("b", "2");
    rig.unregister("a", "1");
    rig.pass(GRACE.plus(LITTLE));
    rig.assertMode(STREAM_MODE_RUNNING);
    rig.unregister("b", "2");
    rig.pass(GRACE.minus(LITTLE));
    rig.assertMode(STREAM_MODE_RUNNING);
    rig.pass(LITTLE.multipliedBy(2));
    rig.assertMode(STREAM_MODE_IDLE);
  }

  @Test
  void whoReturnsInTimeFindsItRunning() {
    create();
    rig.register("a", "1");
    rig.pass(Duration.ofSeconds(1));
    rig.unregister("a", "1");
    rig.pass(Duration.ofSeconds(4));
    assertEquals(5_000, rig.register("a", "1").getState().getCurrentTime());
    rig.pass(GRACE.multipliedBy(2));
    rig.assertMode(STREAM_MODE_RUNNING);
  }

  @Test
  void whoReturnsLaterFindsItWhereItStopped() {
    create();
    rig.register("a", "1");
    rig.pass(Duration.ofSeconds(1));
    rig.unregister("a", "1");
    rig.pass(Duration.ofSeconds(20));
    assertNear(6_000, rig.register("a", "1").getState().getCurrentTime());
    rig.assertMode(STREAM_MODE_RUNNING);
  }

  @Test
  void whoReturnsToOneThatRestartsSeesItFromTheBeginning() {
    rig.start(Rig.show().setOnEmpty(OnEmpty.ON_EMPTY_RESTART).setGracePeriodMs(0).build());
    rig.register("a", "1");
    rig.pass(Duration.ofSeconds(4));
    rig.unregister("a", "1");
    rig.pass(Duration.ofSeconds(1));
    rig.assertMode(STREAM_MODE_IDLE);
    StateUpdate state = rig.register("a", "1").getState();
    assertEquals(0, state.getCurrentTime());
    assertEquals("Intro", state.getCurrentScene());
  }

  @Test
  void aStreamThatNobodyWatchesAnyMoreIsRemoved() {
    create();
    rig.register("a", "1");
    rig.unregister("a", "1");
    rig.pass(GRACE.plus(REMOVAL).minus(LITTLE));
    assertTrue(rig.exists());
    rig.pass(LITTLE.multipliedBy(4));
    assertNothingLeft();
  }

  @Test
  void aStreamThatNobodyHasWatchedYetStaysLonger() {
    create();
    rig.pass(Duration.ofSeconds(299));
    assertTrue(rig.exists());
    rig.pass(Duration.ofSeconds(2));
    assertNothingLeft();
  }

  private void assertNothingLeft() {
    assertFalse(rig.exists());
    assertEquals(java.util.Map.of(), rig.store.kept);
    rig.engine.shards().forEach(shard -> assertEquals(1, shard.alarms(), "the sweep's only"));
  }

  @Test
  void whoOnlyEverFallsSilentIsGoneTooAndTheClockStops() {
    create();
    rig.pass(Duration.ofSeconds(1));
    rig.register("a", "1");
    rig.pass(Duration.ofSeconds(89));
    SubscriberCounts counts = rig.inspect().getSubscribers();
    assertEquals(1, counts.getActive());
    rig.pass(Duration.ofSeconds(31));
    rig.assertMode(STREAM_MODE_RUNNING);
    assertEquals(0, rig.inspect().getSubscribers().getTotal());
    rig.pass(GRACE);
    rig.assertMode(STREAM_MODE_IDLE);
    rig.pass(REMOVAL.plusSeconds(1));
    assertNothingLeft();
  }

  @Test
  void heartbeatsKeepAWatcher() {
    create();
    rig.register("a", "1");
    for (int i = 0; i < 10; i++) {
      rig.pass(Duration.ofSeconds(30));
      assertResult(RESULT_OK, rig.heartbeat("a", "1"));
    }
    assertEquals(1, rig.inspect().getSubscribers().getActive());
  }

  @Test
  void aHeartbeatWithoutAddressIsForAllConnectionsOfTheClient() {
    create();
    rig.register("a", "1");
    rig.register("a", "2");
    for (int i = 0; i < 5; i++) {
      rig.pass(Duration.ofSeconds(30));
      rig.heartbeat("a", null);
    }
    assertEquals(2, rig.inspect().getSubscribers().getActive());
  }

  @Test
  void aHeartbeatOfAnUnknownWatcherRegistersIt() {
    create();
    rig.heartbeat("a", "1");
    rig.assertMode(STREAM_MODE_RUNNING);
    rig.heartbeat("b", null);
    assertEquals(2, rig.inspect().getSubscribers().getTotal());
  }

  @Test
  void connectionsAndClientsAreCountedApart() {
    create();
    rig.register("a", "1");
    rig.register("a", "2");
    rig.register("b", "3");
    rig.register("b", "3");
    SubscriberCounts counts = rig.inspect().getSubscribers();
    assertEquals(3, counts.getTotal());
    assertEquals(3, counts.getActive());
    assertEquals(0, counts.getStale());
    assertEquals(2, counts.getUniqueClients());
  }

  @Test
  void theStaleAreCountedUntilTheyAreSwept() {
    create();
    rig.pass(Duration.ofSeconds(1));
    rig.register("a", "1");
    rig.pass(Duration.ofSeconds(91));
    rig.register("b", "2");
    SubscriberCounts counts = rig.inspect().getSubscribers();
    assertEquals(2, counts.getTotal());
    assertEquals(1, counts.getStale());
  }

  @Test
  void aLateUnregisterOfAnOldConnectionLeavesTheNewOne() {
    create();
    rig.register("a", "old");
    rig.register("a", "new");
    rig.unregister("a", "old");
    assertEquals(1, rig.inspect().getSubscribers().getTotal());
    rig.unregister("a", "old");
    assertEquals(1, rig.inspect().getSubscribers().getTotal());
    rig.unregister("a", null);
    assertEquals(0, rig.inspect().getSubscribers().getTotal());
  }

  @Test
  void aWatcherDoesNotStartWhatAUserHasStoppedOrPaused() {
    create();
    rig.register("a", "1");
    rig.pause();
    rig.register("b", "2");
    rig.assertMode(STREAM_MODE_PAUSED);
    rig.stop();
    rig.register("c", "3");
    rig.assertMode(STREAM_MODE_STOPPED);
  }

  @Test
  void aPauseOutlivesTheLastWatcher() {
    create();
    rig.register("a", "1");
    rig.pass(Duration.ofSeconds(2));
    rig.pause();
    rig.unregister("a", "1");
    rig.pass(Duration.ofSeconds(30));
    StateUpdate state = rig.register("a", "1").getState();
    assertTrue(state.getIsPaused());
    assertEquals(2_000, state.getCurrentTime());
  }

  @Test
  void whatComesWhileAStreamIsRemovedMakesItsNextIncarnation() {
    create();
    rig.register("a", "1");
    rig.pass(Duration.ofSeconds(4));
    long epoch = rig.last().getEpoch();
    rig.unregister("a", "1");
    rig.pass(GRACE.plusSeconds(1));
    rig.store.holdBack();
    rig.pass(REMOVAL);
    CompletionStage<CommandReply> reply =
        rig.engine.subscription(Rig.registering(Rig.ID, "b", "2"));
    rig.work();
    rig.store.letGo();
    rig.work();
    rig.work();
    CommandReply joined = reply.toCompletableFuture().join();
    assertResult(RESULT_OK, joined);
    assertTrue(joined.getState().getEpoch() > epoch);
    assertNear(9_000, joined.getState().getCurrentTime());
    rig.assertMode(STREAM_MODE_RUNNING);
    assertEquals(java.util.Set.of(Rig.ID), rig.store.kept.keySet());
  }

  @Test
  void aStreamMadeAnewHasAGreaterEpoch() {
    create();
    long epoch = rig.register("a", "1").getState().getEpoch();
    rig.unregister("a", "1");
    rig.pass(GRACE.plus(REMOVAL).plusSeconds(1));
    create();
    assertTrue(rig.register("a", "1").getState().getEpoch() > epoch);
  }

  @Test
  void whoRegistersJustBeforeTheStreamIsMadeIsNotLost() {
    for (int i = 0; i < 10_000; i++) {
      String id = "s" + i;
      boolean registersFirst = i % 2 == 0;
      CompletionStage<CommandReply> joined = null;
      if (registersFirst) {
        joined = rig.engine.subscription(Rig.registering(id, "a", "1"));
      }
      CompletionStage<CommandReply> made = rig.engine.command(starting(id));
      if (joined == null) {
        joined = rig.engine.subscription(Rig.registering(id, "a", "1"));
      }
      rig.work();
      rig.work();
      assertResult(RESULT_OK, made.toCompletableFuture().join());
      CommandReply reply = joined.toCompletableFuture().join();
      assertResult(RESULT_OK, reply);
      assertEquals(STREAM_MODE_RUNNING, reply.getState().getMode());
    }
  }

  private static OrchestratorCommand starting(String id) {
    return OrchestratorCommand.newBuilder()
        .setStart(StartCommand.newBuilder().setStreamId(id).setConfig(Rig.show()))
        .build();
  }

  @Test
  void whoRegistersWithAStreamThatNeverComesIsTold() {
    CompletionStage<CommandReply> reply =
        rig.engine.subscription(Rig.registering(Rig.ID, "a", "1"));
    rig.work();
    assertFalse(reply.toCompletableFuture().isDone());
    rig.pass(Duration.ofMillis(1_010));
    assertResult(RESULT_UNKNOWN_STREAM, reply.toCompletableFuture().join());
    assertNothingLeft();
  }

  @Test
  void aHeartbeatForAStreamThatIsNotThereIsToldAtOnce() {
    assertResult(RESULT_UNKNOWN_STREAM, rig.heartbeat("a", "1"));
  }

  @Test
  void aWatcherNeedsAName() {
    create();
    assertResult(RESULT_INVALID, rig.register("", "1"));
    assertResult(RESULT_INVALID, rig.register("a".repeat(257), "1"));
    assertResult(RESULT_INVALID, rig.register("a", "1".repeat(257)));
    assertEquals(0, rig.inspect().getSubscribers().getTotal());
  }
}
