package org.osprey.coordinator.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.osprey.coordinator.streams.Rig.assertResult;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.OrchestratorConfigDto;
import org.osprey.coordinator.proto.streams.v1.Result;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;
import org.osprey.coordinator.proto.streams.v1.StreamMode;

/** What each command does in each mode, with and without watchers. */
class LifecycleTest {
  private static final String RESULT = "RESULT_";
  private static final String MODE = "STREAM_MODE_";

  private final Rig rig = new Rig();

  /** Takes the stream where it can be taken; RUNNING is watched, the others are not. */
  private void bring(String mode) {
    rig.start(mode.equals("UNCONFIGURED") ? OrchestratorConfigDto.getDefaultInstance() : show());
    switch (mode) {
      case "UNCONFIGURED", "IDLE" -> {}
      case "RUNNING" -> rig.register("c", "1");
      case "PAUSED" -> {
        rig.register("c", "1");
        rig.pause();
        rig.unregister("c", "1");
      }
      case "FINISHED" -> {
        rig.register("c", "1");
        rig.force("Outro");
        rig.pass(Duration.ofMillis(2_010));
        rig.unregister("c", "1");
      }
      case "STOPPED" -> rig.stop();
      case "ERROR" -> {
        Shard shard = rig.engine.shards().get(Hold.partitionOf(Rig.ID) % 2);
        shard.streams().all().forEach(stream -> stream.fail(rig.ticker.nanos()));
        rig.work();
      }
      default -> throw new AssertionError(mode);
    }
    rig.assertMode(StreamMode.valueOf(MODE + mode));
  }

  private static OrchestratorConfigDto show() {
    return Rig.show().build();
  }

  private CommandReply send(String command) {
    return switch (command) {
      case "start" -> rig.start(null);
      case "start again" -> rig.start(show());
      case "start with another" -> rig.start(Rig.show().setTickIntervalMs(50).build());
      case "stop" -> rig.stop();
      case "pause" -> rig.pause();
      case "resume" -> rig.resume();
      case "skip" -> rig.skip();
      case "force" -> rig.force("Main");
      case "force unknown" -> rig.force("nothing");
      case "reconfigure" -> rig.reconfigure(Rig.show().setTickIntervalMs(50).build());
      case "clear" -> rig.reconfigure(OrchestratorConfigDto.getDefaultInstance());
      case "register" -> rig.register("d", "2");
      default -> throw new AssertionError(command);
    };
  }

  @ParameterizedTest
  @CsvSource({
    // mode, command, result, next mode
    "UNCONFIGURED, start, NOT_CONFIGURED, UNCONFIGURED",
    "UNCONFIGURED, stop, OK, UNCONFIGURED",
    "UNCONFIGURED, pause, NOT_CONFIGURED, UNCONFIGURED",
    "UNCONFIGURED, resume, NOT_CONFIGURED, UNCONFIGURED",
    "UNCONFIGURED, skip, NOT_CONFIGURED, UNCONFIGURED",
    "UNCONFIGURED, force, NOT_CONFIGURED, UNCONFIGURED",
    "UNCONFIGURED, reconfigure, OK, IDLE",
    "UNCONFIGURED, register, OK, UNCONFIGURED",
    "IDLE, start, OK, IDLE",
    "IDLE, start again, OK, IDLE",
    "IDLE, start with another, CONFLICT, IDLE",
    "IDLE, stop, OK, STOPPED",
    "IDLE, pause, CONFLICT, IDLE",
    "IDLE, resume, CONFLICT, IDLE",
    "IDLE, skip, OK, IDLE",
    "IDLE, force, OK, IDLE",
    "IDLE, force unknown, UNKNOWN_SCENE, IDLE",
    "IDLE, reconfigure, OK, IDLE",
    "IDLE, clear, OK, UNCONFIGURED",
    "IDLE, register, OK, RUNNING",
    "RUNNING, start, ALREADY_RUNNING, RUNNING",
    "RUNNING, start again, ALREADY_RUNNING, RUNNING",
    "RUNNING, start with another, CONFLICT, RUNNING",
    "RUNNING, stop, OK, STOPPED",
    "RUNNING, pause, OK, PAUSED",
    "RUNNING, resume, OK, RUNNING",
    "RUNNING, skip, OK, RUNNING",
    "RUNNING, force, OK, RUNNING",
    "RUNNING, force unknown, UNKNOWN_SCENE, RUNNING",
    "RUNNING, reconfigure, OK, RUNNING",
    "RUNNING, clear, OK, UNCONFIGURED",
    "RUNNING, register, OK, RUNNING",
    "PAUSED, start, OK, IDLE",
    "PAUSED, stop, OK, STOPPED",
    "PAUSED, pause, OK, PAUSED",
    "PAUSED, resume, OK, IDLE",
    "PAUSED, skip, OK, PAUSED",
    "PAUSED, force, OK, PAUSED",
    "PAUSED, reconfigure, OK, IDLE",
    "PAUSED, register, OK, PAUSED",
    "FINISHED, start, OK, IDLE",
    "FINISHED, stop, OK, FINISHED",
    "FINISHED, pause, CONFLICT, FINISHED",
    "FINISHED, resume, CONFLICT, FINISHED",
    "FINISHED, skip, CONFLICT, FINISHED",
    "FINISHED, force, CONFLICT, FINISHED",
    "FINISHED, reconfigure, OK, IDLE",
    "FINISHED, register, OK, FINISHED",
    "STOPPED, start, OK, IDLE",
    "STOPPED, stop, OK, STOPPED",
    "STOPPED, pause, CONFLICT, STOPPED",
    "STOPPED, resume, CONFLICT, STOPPED",
    "STOPPED, skip, CONFLICT, STOPPED",
    "STOPPED, force, CONFLICT, STOPPED",
    "STOPPED, force unknown, UNKNOWN_SCENE, STOPPED",
    "STOPPED, reconfigure, OK, IDLE",
    "STOPPED, register, OK, STOPPED",
    "ERROR, start, OK, IDLE",
    "ERROR, stop, OK, STOPPED",
    "ERROR, pause, CONFLICT, ERROR",
    "ERROR, resume, CONFLICT, ERROR",
    "ERROR, skip, CONFLICT, ERROR",
    "ERROR, reconfigure, OK, IDLE",
    "ERROR, register, OK, ERROR",
  })
  void table(String mode, String command, String result, String next) {
    bring(mode);
    CommandReply reply = send(command);
    assertResult(Result.valueOf(RESULT + result), reply);
    rig.assertMode(StreamMode.valueOf(MODE + next));
    assertEquals(StreamMode.valueOf(MODE + next), reply.getState().getMode());
  }

  @ParameterizedTest
  @CsvSource({
    "start, UNKNOWN_STREAM",
    "stop, UNKNOWN_STREAM",
    "pause, UNKNOWN_STREAM",
    "reconfigure, UNKNOWN_STREAM",
  })
  void aStreamThatIsNotThere(String command, String result) {
    CommandReply reply = send(command);
    assertResult(Result.valueOf(RESULT + result), reply);
    assertFalse(reply.hasState());
  }

  @Test
  void whatIsRevivedWhileWatchedRunsAtOnceFromTheBeginning() {
    bring("RUNNING");
    rig.pass(Duration.ofSeconds(4));
    rig.stop();
    StateUpdate stopped = rig.last();
    assertEquals(0, stopped.getCurrentTime());
    assertFalse(stopped.hasCurrentScene());
    rig.pass(Duration.ofSeconds(1));
    rig.start(null);
    StateUpdate revived = rig.last();
    assertEquals(StreamMode.STREAM_MODE_RUNNING, revived.getMode());
    assertEquals(0, revived.getCurrentTime());
    assertEquals("Intro", revived.getCurrentScene());
  }

  @Test
  void skippingTheLastSceneChangesNothing() {
    bring("RUNNING");
    rig.force("Outro");
    rig.pass(Duration.ofMillis(500));
    assertResult(Result.RESULT_OK, rig.skip());
    assertEquals(13_500, rig.inspect().getState().getCurrentTime());
  }

  @Test
  void skippingTheLastSceneOfALoopBeginsTheNext() {
    rig.start(Rig.show().setLoopScenes(true).build());
    rig.register("c", "1");
    rig.force("Outro");
    rig.skip();
    assertEquals("Intro", rig.last().getCurrentScene());
    assertEquals(1, rig.last().getLoop());
  }

  @Test
  void aSceneForcedBeforeTheStartIsWhereItBegins() {
    bring("IDLE");
    StateUpdate forced = rig.force("Main").getState();
    assertEquals("Main", forced.getCurrentScene());
    assertEquals(3_000, forced.getCurrentTime());
    assertFalse(forced.getIsRunning());
    assertEquals(3_000, rig.register("c", "1").getState().getCurrentTime());
  }

  @Test
  void theStatusOfTheEncoderIsPassedOn() {
    bring("RUNNING");
    rig.send(
        org.osprey.coordinator.proto.streams.v1.OrchestratorCommand.newBuilder()
            .setUpdateStreamStatus(
                org.osprey.coordinator.proto.streams.v1.UpdateStreamStatusCommand.newBuilder()
                    .setStreamId(Rig.ID)
                    .setIsStreaming(true)
                    .setTimecode("00:00:07.120"))
            .build());
    assertEquals("00:00:07.120", rig.last().getStreamTimecode());
    assertEquals(true, rig.last().getStreamIsStreaming());
  }
}
