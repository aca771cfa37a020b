package org.osprey.coordinator.streams.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.proto.streams.v1.MissedScenes;
import org.osprey.coordinator.proto.streams.v1.OnEmpty;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand.CommandCase;
import org.osprey.coordinator.proto.streams.v1.OrchestratorConfigDto;
import org.osprey.coordinator.proto.streams.v1.Result;
import org.osprey.coordinator.proto.streams.v1.SceneConfigDto;
import org.osprey.coordinator.streams.gateway.GatewayServer.Answer;

class CommandRoutesTest {
  private static final String SEED =
      """
      {"scenes": [
        {"name": "Intro", "duration_ms": 3000},
        {"name": "Main", "duration_ms": 10000},
        {"name": "Outro", "duration_ms": 2000}
      ], "tick_interval_ms": 100}""";

  private final GatewayServer server = new GatewayServer();

  @AfterEach
  void close() {
    server.close();
  }

  private OrchestratorCommand sent() {
    return server.streams.commands.remove();
  }

  @Test
  void theBodyOfTheSeedMakesAStream() {
    Answer answer = server.post("/streams", SEED);
    assertEquals(201, answer.status(), answer.body());
    String id = answer.json().get("stream_id").asString();
    assertEquals("Stream created successfully", answer.json().get("message").asString());
    assertTrue(id.matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
    assertEquals("/streams/" + id, answer.header("Location"));
    OrchestratorCommand command = sent();
    assertEquals(id, command.getStart().getStreamId());
    OrchestratorConfigDto config = command.getStart().getConfig();
    assertEquals(3, config.getScenesCount());
    assertEquals("Main", config.getScenes(1).getName());
    assertEquals(10_000, config.getScenes(1).getDurationMs());
    assertEquals(100, config.getTickIntervalMs());
  }

  @Test
  void everyFieldArrives() {
    Answer answer =
        server.post(
            "/streams",
            """
            {"stream_id": "news", "scenes": [{"name": "a", "duration_ms": 1,
              "action_name": "light", "data": {"level": 0.10, "on": true}}],
             "loop_scenes": true, "grace_period_ms": 0, "on_empty": "restart",
             "missed_scenes": "fire_last", "tick_interval_ms": null}""");
    assertEquals("news", answer.json().get("stream_id").asString());
    OrchestratorConfigDto config = sent().getStart().getConfig();
    SceneConfigDto scene = config.getScenes(0);
    assertEquals("light", scene.getActionName());
    assertEquals("{\"level\":0.10,\"on\":true}", scene.getDataJson());
    assertTrue(config.getLoopScenes());
    assertTrue(config.hasGracePeriodMs());
    assertEquals(0, config.getGracePeriodMs());
    assertEquals(OnEmpty.ON_EMPTY_RESTART, config.getOnEmpty());
    assertEquals(MissedScenes.MISSED_SCENES_FIRE_LAST, config.getMissedScenes());
    assertTrue(!config.hasTickIntervalMs());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]|the body: want an object, got array",
        "{|the body is not valid JSON",
        "{\"scenes\":[]} x|the body is not valid JSON",
        "{}|scenes: is missing",
        "{\"scenes\":{}}|scenes: want an array, got object",
        "{\"scenes\":[1]}|scenes[0]: want an object, got 1",
        "{\"scenes\":[],\"loop\":true}|loop: unknown field, want one of [scenes,",
        "{\"scenes\":[{\"name\":\"a\"}]}|scenes[0].duration_ms: is missing",
        "{\"scenes\":[{\"duration_ms\":1}]}|scenes[0].name: is missing",
        "{\"scenes\":[{\"name\":1,\"duration_ms\":1}]}|scenes[0].name: want a string, got 1",
        "{\"scenes\":[{\"name\":\"a\",\"duration_ms\":-5}]}|scenes[0].duration_ms: want a whole",
        "{\"scenes\":[{\"name\":\"a\",\"duration_ms\":1.5}]}|scenes[0].duration_ms: want a whole",
        "{\"scenes\":[{\"name\":\"a\",\"duration_ms\":9223372036854775808}]}"
            + "|scenes[0].duration_ms: want a whole",
        "{\"scenes\":[{\"name\":\"a\",\"duration_ms\":\"1\"}]}|scenes[0].duration_ms: want a whole",
        "{\"scenes\":[{\"name\":\"a\",\"duration_ms\":1,\"data\":[]}]}|scenes[0].data: want an",
        "{\"scenes\":[{\"name\":\"a\",\"duration_ms\":1,\"x\":1}]}|scenes[0].x: unknown field",
        "{\"scenes\":[],\"on_empty\":\"stop\"}|on_empty: want pause or restart, got 'stop'",
        "{\"scenes\":[],\"missed_scenes\":\"x\"}|missed_scenes: want skip or fire_last, got 'x'",
        "{\"scenes\":[],\"loop_scenes\":1}|loop_scenes: want true or false, got 1",
        "{\"scenes\":[],\"stream_id\":7}|stream_id: want a string, got 7",
      })
  void aBodyOfAnotherFormIsRefused(String body, String detail) {
    Answer answer = server.post("/streams", body);
    assertEquals(400, answer.status(), answer.body());
    assertTrue(answer.detail().startsWith(detail), answer.detail());
    assertEquals(0, server.streams.commands.size());
  }

  @Test
  void aBodyMustBeJsonAndNotTooLarge() {
    String large = "{\"scenes\":[],\"x\":\"" + "x".repeat(256 * 1024) + "\"}";
    assertEquals(413, server.post("/streams", large).status());
    assertEquals(413, server.put("/streams/a", large).status());
    assertEquals(415, server.post("/streams").status());
    assertEquals(0, server.streams.commands.size());
  }

  @ParameterizedTest
  @CsvSource({
    "RESULT_INVALID, 400, ''",
    "RESULT_UNKNOWN_STREAM, 404, ''",
    "RESULT_UNKNOWN_SCENE, 404, ''",
    "RESULT_NOT_CONFIGURED, 409, ''",
    "RESULT_ALREADY_RUNNING, 409, ''",
    "RESULT_CONFLICT, 409, ''",
    "RESULT_TOO_MANY, 429, 1",
    "RESULT_UNAVAILABLE, 503, 1",
    "RESULT_NOT_OWNER, 503, 1",
    "RESULT_UNKNOWN, 504, ''",
    "RESULT_UNSPECIFIED, 504, ''",
  })
  void everyResultHasAStatus(Result result, int status, String retryAfter) {
    server.streams.answer = FakeStreams.said(result, "what is wrong");
    for (Answer answer :
        new Answer[] {
          server.post("/streams", SEED),
          server.put("/streams/a", SEED),
          server.post("/streams/a/pause"),
          server.get("/streams/a"),
          server.get("/streams/a/events")
        }) {
      assertEquals(status, answer.status());
      assertEquals("what is wrong", answer.detail());
      assertEquals(retryAfter, answer.header("Retry-After"));
      assertTrue(answer.header("Content-Type").startsWith("application/problem+json"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "start, START",
    "pause, PAUSE",
    "resume, RESUME",
    "skip, SKIP_SCENE",
    "stop, STOP",
    "scene/Main%20one, FORCE_SCENE"
  })
  void aStreamIsSteered(String path, CommandCase command) {
    server.streams.answer = FakeStreams.reply(States.of("a", 7, 1, 20));
    Answer answer = server.post("/streams/a/" + path);
    assertEquals(200, answer.status(), answer.body());
    assertEquals("a", answer.json().get("stream_id").asString());
    assertTrue(!answer.json().get("message").asString().isEmpty());
    assertEquals(7, answer.json().get("state").get("seq").asLong());
    OrchestratorCommand sent = sent();
    assertEquals(command, sent.getCommandCase());
    assertTrue(sent.toString().contains("stream_id: \"a\""), sent.toString());
    if (command == CommandCase.FORCE_SCENE) {
      assertEquals("Main one", sent.getForceScene().getSceneName());
    }
  }

  @Test
  void aStreamIsReconfigured() {
    server.streams.put(States.of("a", 1, 0, 0));
    assertEquals(200, server.put("/streams/a", SEED).status());
    assertEquals(3, sent().getReconfigure().getConfig().getScenesCount());
    Answer refused = server.put("/streams/a", "{\"scenes\":[],\"stream_id\":\"b\"}");
    assertTrue(refused.detail().startsWith("stream_id: unknown field"), refused.detail());
  }

  @Test
  void theStatusOfABroadcastIsTold() {
    server.streams.put(States.of("a", 1, 0, 0));
    String status = "{\"is_streaming\":true,\"stream_time\":5000,\"timecode\":\"00:00:05\"}";
    assertEquals(200, server.put("/streams/a/status", status).status());
    OrchestratorCommand sent = sent();
    assertTrue(sent.getUpdateStreamStatus().getIsStreaming());
    assertEquals(5000, sent.getUpdateStreamStatus().getStreamTime());
    assertEquals("00:00:05", sent.getUpdateStreamStatus().getTimecode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "{\"is_streaming\":1}", "{\"is_streaming\":true,\"stream_time\":-1}"})
  void aStatusOfAnotherFormIsRefused(String body) {
    assertEquals(400, server.put("/streams/a/status", body).status());
  }
}
