package org.osprey.coordinator.streams.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;
import org.osprey.coordinator.proto.streams.v1.StreamMode;
import tools.jackson.databind.JsonNode;

class StateJsonTest {

  @Test
  void everyFieldHasItsName() {
    StateUpdate state =
        StateUpdate.newBuilder()
            .setStreamId("news")
            .setCurrentScene("Main")
            .setCurrentTime(5_000)
            .setTimeRemaining(10_000)
            .setProgressPercentage(33.25)
            .setIsRunning(true)
            .setStreamTimecode("00:00:05")
            .setStreamIsStreaming(true)
            .setSceneIndex(1)
            .setEpoch(2)
            .setSeq(17)
            .setServerTime(1_700_000_000_000L)
            .setMode(StreamMode.STREAM_MODE_RUNNING)
            .setLoop(3)
            .setSceneTimeRemaining(8_000)
            .build();
    assertEquals(
        """
        {"stream_id":"news","current_scene":"Main","current_time":5000,"time_remaining":10000,\
        "progress_percentage":33.25,"is_running":true,"is_paused":false,"is_complete":false,\
        "stream_timecode":"00:00:05","stream_is_streaming":true,"scene_index":1,"epoch":2,"seq":17,\
        "server_time":1700000000000,"mode":"running","loop":3,"scene_time_remaining":8000}""",
        StateJson.of(state, 0));
  }

  @Test
  void whatIsNotThereIsNull() {
    JsonNode json = Fields.MAPPER.readTree(StateJson.of(StateUpdate.getDefaultInstance(), 0));
    assertTrue(json.get("current_scene").isNull());
    assertTrue(json.get("scene_index").isNull());
    assertTrue(!json.has("scenes_missed"));
  }

  @Test
  void missedScenesAreTold() {
    String json = StateJson.of(StateUpdate.getDefaultInstance(), 2);
    assertEquals(2, Fields.MAPPER.readTree(json).get("scenes_missed").asInt());
  }

  @Test
  void anyTextIsValid() {
    String text = "\"\\\n\t\u0000\u001f/ ü 漢 \ud83c\udfac";
    StateUpdate state = StateUpdate.newBuilder().setCurrentScene(text).build();
    JsonNode json = Fields.MAPPER.readTree(StateJson.of(state, 0));
    assertEquals(text, json.get("current_scene").asString());
  }

  @Test
  void anyNumberIsValid() {
    StateUpdate state =
        StateUpdate.newBuilder().setSeq(-1).setProgressPercentage(Double.NaN).build();
    JsonNode json = Fields.MAPPER.readTree(StateJson.of(state, 0));
    assertEquals("18446744073709551615", json.get("seq").toString());
    assertEquals(0, json.get("progress_percentage").asDouble());
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"UNRECOGNIZED", "STREAM_MODE_UNSPECIFIED"})
  void everyModeHasItsName(StreamMode mode) {
    String json = StateJson.of(StateUpdate.newBuilder().setMode(mode).build(), 0);
    assertEquals(
        mode.name().replace("STREAM_MODE_", "").toLowerCase(Locale.ROOT),
        Fields.MAPPER.readTree(json).get("mode").asString());
  }
}
