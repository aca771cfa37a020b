package org.osprey.coordinator.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.osprey.coordinator.proto.streams.v1.Result.RESULT_INVALID;
import static org.osprey.coordinator.proto.streams.v1.Result.RESULT_NOT_OWNER;
import static org.osprey.coordinator.proto.streams.v1.Result.RESULT_OK;
import static org.osprey.coordinator.proto.streams.v1.Result.RESULT_TOO_MANY;
import static org.osprey.coordinator.proto.streams.v1.Result.RESULT_UNKNOWN;
import static org.osprey.coordinator.streams.Rig.assertResult;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsRequest;
import org.osprey.coordinator.proto.streams.v1.MissedScenes;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.OrchestratorConfigDto;
import org.osprey.coordinator.proto.streams.v1.PauseCommand;
import org.osprey.coordinator.proto.streams.v1.Result;
import org.osprey.coordinator.proto.streams.v1.SceneConfigDto;
import org.osprey.coordinator.proto.streams.v1.StartCommand;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;
import org.osprey.coordinator.proto.streams.v1.StreamMode;

/** What outlives a coordinator, what is refused, and what scenes set off. */
class EngineTest {
  private final Rig rig = new Rig();

  private Rig after(Duration outage) {
    return new Rig(StreamSettings.DEFAULTS, rig.store, rig.wall + outage.toMillis(), 2);
  }

  // What outlives a coordinator

  @Test
  void aRunningStreamIsWhereItWouldBe() {
    rig.start(Rig.show().setLoopScenes(true).build());
    long epoch = rig.register("a", "1").getState().getEpoch();
    rig.pass(Duration.ofSeconds(2));
    Rig next = after(Duration.ofSeconds(31));
    StateUpdate state = next.inspect().getState();
    assertEquals(StreamMode.STREAM_MODE_RUNNING, state.getMode());
    assertEquals(2, state.getLoop());
    assertEquals(3_000, state.getCurrentTime());
    assertEquals("Main", state.getCurrentScene());
    assertTrue(state.getEpoch() > epoch);
  }

  @Test
  void whoStillWatchesIsToldOfItAtOnce() {
    rig.start(Rig.show().build());
    long epoch = rig.register("a", "1").getState().getEpoch();
    rig.pause();
    StateUpdate told = after(Duration.ofSeconds(1)).last();
    assertTrue(told.getIsPaused());
    assertTrue(told.getEpoch() > epoch);
  }

  @Test
  void itStopsWhenNobodyComesBack() {
    rig.start(Rig.show().setLoopScenes(true).build());
    rig.register("a", "1");
    Rig next = after(Duration.ofSeconds(1));
    next.pass(Duration.ofSeconds(89));
    next.assertMode(StreamMode.STREAM_MODE_RUNNING);
    next.pass(Duration.ofSeconds(2));
    next.assertMode(StreamMode.STREAM_MODE_IDLE);
    next.pass(Duration.ofSeconds(61));
    assertFalse(next.exists());
  }

  @Test
  void aStreamThatWouldHaveEndedHasEnded() {
    rig.start(Rig.show().build());
    rig.register("a", "1");
    Rig next = after(Duration.ofSeconds(20));
    next.assertMode(StreamMode.STREAM_MODE_FINISHED);
    assertEquals(StreamMode.STREAM_MODE_FINISHED, rig.store.mode(Rig.ID));
  }

  @Test
  void whatAUserDidStays() {
    rig.start(Rig.show().build());
    rig.register("a", "1");
    rig.pass(Duration.ofSeconds(5));
    rig.pause();
    StateUpdate paused = after(Duration.ofHours(1)).inspect().getState();
    assertTrue(paused.getIsPaused());
    assertEquals(5_000, paused.getCurrentTime());
    rig.force("Outro");
    assertEquals("Outro", after(Duration.ofHours(1)).inspect().getState().getCurrentScene());
    rig.stop();
    after(Duration.ofHours(1)).assertMode(StreamMode.STREAM_MODE_STOPPED);
  }

  @Test
  void aClockThatWentBackDoesNotMoveAStreamBack() {
    rig.start(Rig.show().build());
    rig.register("a", "1");
    rig.pass(Duration.ofSeconds(5));
    rig.skip();
    assertEquals(13_000, after(Duration.ofHours(-1)).inspect().getState().getCurrentTime());
  }

  @Test
  void aCommandIsAnsweredWhenItIsStored() {
    rig.store.holdBack();
    var reply =
        rig.engine
            .command(
                OrchestratorCommand.newBuilder()
                    .setStart(StartCommand.newBuilder().setStreamId(Rig.ID).setConfig(Rig.show()))
                    .build())
            .toCompletableFuture();
    rig.work();
    rig.work();
    assertFalse(reply.isDone());
    rig.store.letGo();
    rig.work();
    assertResult(RESULT_OK, reply.join());
  }

  @Test
  void manyChangesAreFewWrites() {
    rig.start(Rig.show().build());
    rig.register("a", "1");
    int writes = rig.store.writes;
    rig.store.holdBack();
    for (int i = 0; i < 50; i++) {
      for (OrchestratorCommand command : List.of(pausing(), skipping())) {
        var unused = rig.engine.command(command);
      }
      rig.work();
    }
    rig.store.letGo();
    rig.work();
    rig.work();
    assertTrue(rig.store.writes - writes <= 3, "writes " + (rig.store.writes - writes));
    assertEquals("Outro", after(Duration.ZERO).inspect().getState().getCurrentScene());
  }

  private static OrchestratorCommand pausing() {
    return OrchestratorCommand.newBuilder()
        .setPause(PauseCommand.newBuilder().setStreamId(Rig.ID))
        .build();
  }

  private static OrchestratorCommand skipping() {
    return OrchestratorCommand.newBuilder()
        .setSkipScene(
            org.osprey.coordinator.proto.streams.v1.SkipSceneCommand.newBuilder()
                .setStreamId(Rig.ID))
        .build();
  }

  @Test
  void whatCannotBeStoredIsSaidAndTriedAgain() {
    rig.start(Rig.show().build());
    rig.register("a", "1");
    rig.store.failure = new IllegalStateException("the disk is full");
    CommandReply reply = rig.pause();
    assertResult(RESULT_UNKNOWN, reply);
    assertTrue(reply.getMessage().contains("the disk is full"), reply.getMessage());
    rig.assertMode(StreamMode.STREAM_MODE_PAUSED);
    rig.store.failure = null;
    rig.pass(Duration.ofMillis(1_100));
    assertEquals(StreamMode.STREAM_MODE_PAUSED, rig.store.mode(Rig.ID));
  }

  // Who has the stream

  @Test
  void whoMayNotHaveAPartitionSaysNothing() {
    rig.start(Rig.show().build());
    rig.register("a", "1");
    rig.pass(Duration.ofSeconds(1));
    rig.heldUntil = rig.ticker.nanos() + 1;
    rig.updates.clear();
    rig.sleep(Duration.ofSeconds(10));
    assertEquals(List.of(), rig.updates);
    assertResult(RESULT_NOT_OWNER, rig.pause());
    assertResult(RESULT_NOT_OWNER, rig.register("b", "2"));
  }

  @Test
  void aPartitionThatIsLostTakesItsStreamsAlong() {
    rig.start(Rig.show().build());
    rig.register("a", "1");
    Hold hold = new Hold(Hold.partitionOf(Rig.ID), 1);
    Thread owner = Thread.ofPlatform().start(() -> rig.engine.lost(hold));
    while (owner.isAlive()) {
      rig.work();
    }
    rig.updates.clear();
    rig.pass(Duration.ofSeconds(1));
    assertEquals(List.of(), rig.updates);
    assertResult(RESULT_NOT_OWNER, rig.pause());
    assertEquals(StreamMode.STREAM_MODE_RUNNING, rig.store.mode(Rig.ID));
  }

  @Test
  void aStreamThatIsStoredByAnotherIsNotOurs() {
    rig.start(Rig.show().build());
    rig.register("a", "1");
    rig.store.failure = new SnapshotStore.NotHeldException(new Hold(1, 1));
    assertResult(RESULT_NOT_OWNER, rig.pause());
  }

  // What scenes set off

  private static OrchestratorConfigDto.Builder firing() {
    return OrchestratorConfigDto.newBuilder()
        .addScenes(scene("a", 1_000, "{\"n\":1}"))
        .addScenes(scene("b", 1_000, ""))
        .setLoopScenes(true);
  }

  private static SceneConfigDto scene(String name, long millis, String data) {
    return SceneConfigDto.newBuilder()
        .setName(name)
        .setDurationMs(millis)
        .setActionName("enter_" + name)
        .setDataJson(data)
        .build();
  }

  private static List<String> fired(Rig rig) {
    rig.submitAll();
    return rig.actions.stream()
        .map(action -> action.name() + new String(action.payload(), UTF_8))
        .toList();
  }

  @Test
  void aSceneThatBeginsOffersItsAction() {
    rig.start(firing().build());
    rig.pass(Duration.ofSeconds(1));
    assertEquals(List.of(), fired(rig));
    rig.register("a", "1");
    rig.pass(Duration.ofMillis(2_500));
    assertEquals(List.of("enter_a{\"n\":1}", "enter_b{}", "enter_a{\"n\":1}"), fired(rig));
    List<Long> ids = rig.actions.stream().map(action -> action.id()).toList();
    assertEquals(3, ids.stream().distinct().count());
    assertTrue(ids.stream().allMatch(id -> id > 0));
  }

  @Test
  void aPauseDoesNotOfferItAgain() {
    rig.start(firing().build());
    rig.register("a", "1");
    rig.pass(Duration.ofMillis(500));
    rig.pause();
    rig.resume();
    assertEquals(1, fired(rig).size());
  }

  @Test
  void everySceneThatPassesInAStallOffersItsAction() {
    rig.start(firing().build());
    rig.register("a", "1");
    rig.sleep(Duration.ofMillis(5_500));
    assertEquals(6, fired(rig).size());
  }

  @Test
  void afterAnOutageOnlyTheSceneThatWasOnIsOfferedAgain() {
    rig.start(firing().build());
    rig.register("a", "1");
    rig.pass(Duration.ofMillis(1_200));
    Rig next = after(Duration.ofMillis(60_300));
    assertEquals(List.of("enter_b{}"), fired(next));
    assertEquals(fired(rig), List.of("enter_a{\"n\":1}", "enter_b{}"));
    assertEquals(rig.actions.getLast().id(), next.actions.getFirst().id());
    next.pass(Duration.ofSeconds(1));
    assertEquals(List.of("enter_b{}", "enter_a{\"n\":1}"), fired(next));
  }

  @Test
  void orTheLastThatWasMissedIsOfferedToo() {
    rig.start(firing().setMissedScenes(MissedScenes.MISSED_SCENES_FIRE_LAST).build());
    rig.register("a", "1");
    Rig next = after(Duration.ofMillis(61_500));
    assertEquals(List.of("enter_a{\"n\":1}", "enter_b{}"), fired(next));
  }

  @Test
  void theSameEntryHasTheSameId() {
    SceneEntry entry = new SceneEntry(3, 7, 1);
    assertEquals(entry.actionId("s"), new SceneEntry(3, 7, 1).actionId("s"));
    assertEquals(
        4,
        Stream.of(
                entry.actionId("s"),
                entry.actionId("t"),
                new SceneEntry(3, 7, 2).actionId("s"),
                new SceneEntry(4, 7, 1).actionId("s"))
            .distinct()
            .count());
  }

  // What is refused

  static Stream<Arguments> badConfigs() {
    OrchestratorConfigDto.Builder many = OrchestratorConfigDto.newBuilder();
    IntStream.range(0, 1_001).forEach(i -> many.addScenes(Rig.scene("s" + i, 1)));
    OrchestratorConfigDto.Builder large = OrchestratorConfigDto.newBuilder();
    large.addScenes(scene("a", 1, "{\"x\":\"" + "x".repeat(1 << 20) + "\"}"));
    return Stream.of(
        Arguments.of(many, "config.scenes: want at most 1000, got 1001"),
        Arguments.of(large, "config: want at most 262144 bytes"),
        Arguments.of(one("a", 0), "config.scenes[0].duration_ms: want from 1"),
        Arguments.of(one("a", -1), "got 18446744073709551615"),
        Arguments.of(one("a", Long.MAX_VALUE), "config.scenes[0].duration_ms: want from 1"),
        Arguments.of(
            one("a", 315_360_000_000L).addScenes(Rig.scene("b", 1)),
            "config.scenes[1].duration_ms: want at most 315360000000 in all"),
        Arguments.of(one(" ", 1), "config.scenes[0].name: is empty"),
        Arguments.of(one("a".repeat(257), 1), "config.scenes[0].name: want at most 256"),
        Arguments.of(
            one("a", 1).addScenes(Rig.scene("a", 1)), "config.scenes[1].name: stands before"),
        Arguments.of(one("a", 1).setTickIntervalMs(1), "config.tick_interval_ms: want from 10"),
        Arguments.of(one("a", 1).setTickIntervalMs(60_001), "config.tick_interval_ms"),
        Arguments.of(one("a", 1).setTickIntervalMs(-1), "config.tick_interval_ms"),
        Arguments.of(one("a", 1).setGracePeriodMs(-1), "config.grace_period_ms"),
        Arguments.of(one("a", 1).setOnEmptyValue(9), "config.on_empty"),
        Arguments.of(one("a", 1).setMissedScenesValue(9), "config.missed_scenes"),
        Arguments.of(
            OrchestratorConfigDto.newBuilder().addScenes(scene("a", 1, "[1]")),
            "config.scenes[0].data: want a JSON object"),
        Arguments.of(
            OrchestratorConfigDto.newBuilder()
                .addScenes(scene("a", 1, "{}").toBuilder().clearActionName()),
            "config.scenes[0].data: goes with action_name"));
  }

  private static OrchestratorConfigDto.Builder one(String name, long millis) {
    return OrchestratorConfigDto.newBuilder().addScenes(Rig.scene(name, millis));
  }

  @ParameterizedTest
  @MethodSource("badConfigs")
  void aBadConfigurationIsRefusedNamingTheField(
      OrchestratorConfigDto.Builder config, String message) {
    CommandReply created = rig.start(config.build());
    assertResult(RESULT_INVALID, created);
    assertTrue(created.getMessage().contains(message), created.getMessage());
    assertFalse(rig.exists());
    rig.start(Rig.show().build());
    assertResult(RESULT_INVALID, rig.reconfigure(config.build()));
    assertEquals(Rig.show().build(), rig.inspect().getConfig());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "*", ">", "a.b", "a b", "ä"})
  void aBadIdIsRefused(String id) {
    CommandReply reply =
        rig.send(
            OrchestratorCommand.newBuilder()
                .setStart(StartCommand.newBuilder().setStreamId(id).setConfig(Rig.show()))
                .build());
    assertResult(RESULT_INVALID, reply);
    assertTrue(reply.getMessage().startsWith("stream_id"), reply.getMessage());
  }

  @Test
  void aFloodOfCommandsIsRefusedAndHarmsNobodyElse() {
    rig.start(Rig.show().setLoopScenes(true).build());
    rig.register("a", "1");
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      var unused =
          rig.engine.command(skipping()).thenAccept(reply -> results.add(reply.getResult()));
    }
    rig.work();
    rig.work();
    assertEquals(100_000, results.size());
    long taken = results.stream().filter(result -> result == RESULT_OK).count();
    assertTrue(taken >= 100 && taken <= 200, "taken " + taken);
    assertEquals(
        100_000 - taken, results.stream().filter(result -> result == RESULT_TOO_MANY).count());
    rig.pass(Duration.ofSeconds(1));
    assertResult(RESULT_OK, rig.pause());
  }

  @Test
  void noMoreStreamsAreMadeThanMayBe() {
    Rig small =
        new Rig(
            new StreamSettings(
                2,
                Duration.ofSeconds(90),
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                Duration.ofSeconds(300),
                100,
                3,
                10),
            new MemoryStore(),
            Rig.START,
            1);
    for (int i = 0; i < 5; i++) {
      CommandReply reply =
          small.send(
              OrchestratorCommand.newBuilder()
                  .setStart(StartCommand.newBuilder().setStreamId("s" + i).setConfig(Rig.show()))
                  .build());
      assertResult(i < 3 ? RESULT_OK : RESULT_TOO_MANY, reply);
    }
  }

  @Test
  void aListIsInTheOrderOfIdsAndBounded() {
    for (String id : List.of("c", "a", "e", "b", "d")) {
      rig.send(
          OrchestratorCommand.newBuilder()
              .setStart(StartCommand.newBuilder().setStreamId(id).setConfig(Rig.show()))
              .build());
    }
    assertEquals(List.of("b", "c"), list("a", 2));
    assertEquals(List.of("a", "b", "c", "d", "e"), list("", 0));
    assertEquals(List.of(), list("e", 0));
  }

  private List<String> list(String after, int limit) {
    var reply =
        rig.engine
            .list(ListStreamsRequest.newBuilder().setAfter(after).setLimit(limit).build())
            .toCompletableFuture();
    rig.work();
    return reply.join().getStreamsList().stream()
        .map(view -> view.getState().getStreamId())
        .toList();
  }
}
