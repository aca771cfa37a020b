package org.osprey.coordinator.it;

import java.util.Locale;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;
import tools.jackson.databind.JsonNode;

/**
 * What a watcher was told of a stream. Times are in milliseconds.
 *
 * @param scene empty for none
 * @param position since the beginning of the loop
 */
record SeenState(
    String mode, String scene, long loop, long position, long epoch, long seq, long serverTime) {
  private static final int MODE_PREFIX = "STREAM_MODE_".length();

  static SeenState of(JsonNode json) {
    return new SeenState(
        json.path("mode").asString(),
        json.path("current_scene").asString(""),
        json.path("loop").asLong(),
        json.path("current_time").asLong(),
        json.path("epoch").asLong(),
        json.path("seq").asLong(),
        json.path("server_time").asLong());
  }

  static SeenState of(StateUpdate update) {
    return new SeenState(
        update.getMode().name().substring(MODE_PREFIX).toLowerCase(Locale.ROOT),
        update.getCurrentScene(),
        update.getLoop(),
        update.getCurrentTime(),
        update.getEpoch(),
        update.getSeq(),
        update.getServerTime());
  }

  boolean isRunning() {
    return mode.equals("running");
  }

  /** When it was at its beginning, if it has run ever since. */
  long began(long total) {
    return serverTime - loop * total - position;
  }

  boolean isOlderThan(SeenState other) {
    return epoch < other.epoch || (epoch == other.epoch && seq < other.seq);
  }
}
