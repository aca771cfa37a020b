package org.osprey.coordinator.streams;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.osprey.coordinator.streams.OriginalSchema.value;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.proto.streams.v1.ForceSceneCommand;
import org.osprey.coordinator.proto.streams.v1.HeartbeatCommand;
import org.osprey.coordinator.proto.streams.v1.InspectCommand;
import org.osprey.coordinator.proto.streams.v1.MissedScenes;
import org.osprey.coordinator.proto.streams.v1.OnEmpty;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.OrchestratorConfigDto;
import org.osprey.coordinator.proto.streams.v1.PauseCommand;
import org.osprey.coordinator.proto.streams.v1.ReconfigureCommand;
import org.osprey.coordinator.proto.streams.v1.RegisterCommand;
import org.osprey.coordinator.proto.streams.v1.ResumeCommand;
import org.osprey.coordinator.proto.streams.v1.SceneConfigDto;
import org.osprey.coordinator.proto.streams.v1.SkipSceneCommand;
import org.osprey.coordinator.proto.streams.v1.StartCommand;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;
import org.osprey.coordinator.proto.streams.v1.StopCommand;
import org.osprey.coordinator.proto.streams.v1.StreamMode;
import org.osprey.coordinator.proto.streams.v1.SubscriptionCommand;
import org.osprey.coordinator.proto.streams.v1.UnregisterCommand;
import org.osprey.coordinator.proto.streams.v1.UpdateStreamStatusCommand;

/** What clients of the original send is understood here, and what we send is understood there. */
class GoldenVectorsTest {
  private static final String ID = "show-1";
  private static final String CLIENT = "client-ä";
  private static final OrchestratorConfigDto SCENES =
      OrchestratorConfigDto.newBuilder()
          .addScenes(scene("Intro", 3000))
          .addScenes(scene("Main", 10_000))
          .addScenes(scene("Outro", 2000))
          .build();

  private final OriginalSchema original = new OriginalSchema();

  @Test
  void commandsOfTheOriginalAreUnderstood() throws Exception {
    for (Map.Entry<String, OrchestratorCommand> each : commands().entrySet()) {
      byte[] golden = GoldenVectors.get(each.getKey());
      assertEquals(each.getValue(), OrchestratorCommand.parseFrom(golden), each.getKey());
      assertArrayEquals(golden, each.getValue().toByteArray(), each.getKey());
    }
  }

  @Test
  void subscriptionsOfTheOriginalAreUnderstood() throws Exception {
    for (Map.Entry<String, SubscriptionCommand> each : subscriptions().entrySet()) {
      byte[] golden = GoldenVectors.get(each.getKey());
      assertEquals(each.getValue(), SubscriptionCommand.parseFrom(golden), each.getKey());
      assertArrayEquals(golden, each.getValue().toByteArray(), each.getKey());
    }
    SubscriptionCommand unregister = SubscriptionCommand.parseFrom(GoldenVectors.get("unregister"));
    assertFalse(unregister.getUnregister().hasSourceAddr());
  }

  @Test
  void updatesHaveTheBytesOfTheOriginal() throws Exception {
    for (Map.Entry<String, StateUpdate> each : updates().entrySet()) {
      byte[] golden = GoldenVectors.get(each.getKey());
      assertEquals(each.getValue(), StateUpdate.parseFrom(golden), each.getKey());
      assertArrayEquals(golden, each.getValue().toByteArray(), each.getKey());
    }
    assertFalse(StateUpdate.parseFrom(GoldenVectors.get("state-no-scene")).hasCurrentScene());
  }

  @Test
  void noVectorIsLeftOut() {
    assertEquals(
        GoldenVectors.count(), commands().size() + subscriptions().size() + updates().size());
  }

  @Test
  void theOriginalReadsAnUpdateThatHasAllOfOurFields() throws Exception {
    StateUpdate ours =
        StateUpdate.parseFrom(GoldenVectors.get("state-running")).toBuilder()
            .setIsPaused(true)
            .setIsComplete(true)
            .setSceneIndex(1)
            .setEpoch(7)
            .setSeq(-1)
            .setServerTime(1_700_000_000_000L)
            .setMode(StreamMode.STREAM_MODE_RUNNING)
            .setLoop(3)
            .setSceneTimeRemaining(8679)
            .build();
    assertAllSet(ours);
    DynamicMessage read = original.read("StateUpdate", ours);
    for (String field : List.of("stream_id", "current_scene", "current_time", "time_remaining")) {
      assertEquals(ours.getField(field(ours, field)), value(read, field), field);
    }
    assertEquals(28.806666666666665, value(read, "progress_percentage"));
    for (String flag : List.of("is_running", "is_paused", "is_complete", "stream_is_streaming")) {
      assertEquals(true, value(read, flag), flag);
    }
    assertEquals("01:02:03:04", value(read, "stream_timecode"));
    assertEquals(Set.of(11, 12, 13, 14, 15, 16, 17), unknown(read));
  }

  @Test
  void theOriginalReadsAConfigurationThatHasAllOfOurFields() throws Exception {
    SceneConfigDto scene =
        scene("Intro", 3000).toBuilder().setActionName("email").setDataJson("{}").build();
    OrchestratorConfigDto config =
        OrchestratorConfigDto.newBuilder()
            .addScenes(scene)
            .setTickIntervalMs(100)
            .setLoopScenes(true)
            .setGracePeriodMs(1)
            .setOnEmpty(OnEmpty.ON_EMPTY_RESTART)
            .setMissedScenes(MissedScenes.MISSED_SCENES_FIRE_LAST)
            .build();
    assertAllSet(scene);
    assertAllSet(config);
    OrchestratorCommand ours = start(config);
    DynamicMessage read = original.read("OrchestratorCommand", ours);
    assertEquals(ID, value(read, "start.stream_id"));
    assertEquals(100L, value(read, "start.config.tick_interval_ms"));
    List<?> scenes = (List<?>) value(read, "start.config.scenes");
    DynamicMessage first = (DynamicMessage) scenes.getFirst();
    assertEquals("Intro", value(first, "name"));
    assertEquals(3000L, value(first, "duration_ms"));
    assertEquals(Set.of(11, 12), unknown(first));
    assertEquals(Set.of(11, 12, 13, 14), unknown((DynamicMessage) value(read, "start.config")));
  }

  @Test
  void theOriginalReadsWhatOursAddToItsCommands() throws Exception {
    SubscriptionCommand ours =
        SubscriptionCommand.newBuilder()
            .setUnregister(
                UnregisterCommand.newBuilder()
                    .setStreamId(ID)
                    .setClientId(CLIENT)
                    .setSourceAddr("10.1.2.3:4"))
            .build();
    DynamicMessage read = original.read("SubscriptionCommand", ours);
    assertEquals(CLIENT, value(read, "unregister.client_id"));
    assertEquals(Set.of(3), unknown((DynamicMessage) value(read, "unregister")));

    OrchestratorCommand inspect =
        OrchestratorCommand.newBuilder()
            .setInspect(InspectCommand.newBuilder().setStreamId(ID))
            .build();
    assertEquals(Set.of(11), unknown(original.read("OrchestratorCommand", inspect)));
  }

  private static Map<String, OrchestratorCommand> commands() {
    OrchestratorCommand.Builder make = OrchestratorCommand.newBuilder();
    Map<String, OrchestratorCommand> all = new LinkedHashMap<>();
    all.put("start", start(SCENES.toBuilder().setTickIntervalMs(100).build()));
    all.put("start-default-tick", start(SCENES));
    all.put("start-no-scenes", start(OrchestratorConfigDto.getDefaultInstance()));
    all.put("stop", make.setStop(StopCommand.newBuilder().setStreamId(ID)).build());
    all.put("pause", make.setPause(PauseCommand.newBuilder().setStreamId(ID)).build());
    all.put("resume", make.setResume(ResumeCommand.newBuilder().setStreamId(ID)).build());
    all.put(
        "force-scene",
        make.setForceScene(ForceSceneCommand.newBuilder().setStreamId(ID).setSceneName("Main"))
            .build());
    all.put("skip-scene", make.setSkipScene(SkipSceneCommand.newBuilder().setStreamId(ID)).build());
    all.put(
        "update-stream-status",
        make.setUpdateStreamStatus(
                UpdateStreamStatusCommand.newBuilder()
                    .setStreamId(ID)
                    .setIsStreaming(true)
                    .setStreamTime(Long.MIN_VALUE + 5)
                    .setTimecode("01:02:03:04"))
            .build());
    all.put(
        "reconfigure",
        make.setReconfigure(
                ReconfigureCommand.newBuilder()
                    .setStreamId(ID)
                    .setConfig(SCENES.toBuilder().setTickIntervalMs(1L << 40)))
            .build());
    return all;
  }

  private static Map<String, SubscriptionCommand> subscriptions() {
    SubscriptionCommand.Builder make = SubscriptionCommand.newBuilder();
    return Map.of(
        "register",
        make.setRegister(
                RegisterCommand.newBuilder()
                    .setStreamId(ID)
                    .setClientId(CLIENT)
                    .setSourceAddr("10.1.2.3:45678"))
            .build(),
        "unregister",
        make.setUnregister(UnregisterCommand.newBuilder().setStreamId(ID).setClientId(CLIENT))
            .build(),
        "heartbeat",
        make.setHeartbeat(HeartbeatCommand.newBuilder().setStreamId(ID).setClientId(CLIENT))
            .build());
  }

  private static Map<String, StateUpdate> updates() {
    StateUpdate none = StateUpdate.newBuilder().setStreamId(ID).build();
    return Map.of(
        "state-running",
        none.toBuilder()
            .setCurrentScene("Main")
            .setCurrentTime(4321)
            .setTimeRemaining(10_679)
            .setProgressPercentage(28.806666666666665)
            .setIsRunning(true)
            .setStreamTimecode("01:02:03:04")
            .setStreamIsStreaming(true)
            .build(),
        "state-paused",
        none.toBuilder()
            .setCurrentScene("Intro")
            .setCurrentTime(1)
            .setTimeRemaining(14_999)
            .setProgressPercentage(0.006)
            .setIsPaused(true)
            .build(),
        "state-complete",
        none.toBuilder()
            .setCurrentScene("Outro")
            .setCurrentTime(15_000)
            .setProgressPercentage(100)
            .setIsComplete(true)
            .build(),
        "state-no-scene",
        none);
  }

  private static OrchestratorCommand start(OrchestratorConfigDto config) {
    return OrchestratorCommand.newBuilder()
        .setStart(StartCommand.newBuilder().setStreamId(ID).setConfig(config))
        .build();
  }

  private static SceneConfigDto scene(String name, long millis) {
    return SceneConfigDto.newBuilder().setName(name).setDurationMs(millis).build();
  }

  /** So that a field which is added later is tried here too. */
  private static void assertAllSet(Message message) {
    assertEquals(message.getDescriptorForType().getFields().size(), message.getAllFields().size());
    assertTrue(message.getUnknownFields().asMap().isEmpty());
  }

  private static FieldDescriptor field(Message message, String name) {
    return message.getDescriptorForType().findFieldByName(name);
  }

  private static Set<Integer> unknown(DynamicMessage read) {
    return read.getUnknownFields().asMap().keySet();
  }
}
