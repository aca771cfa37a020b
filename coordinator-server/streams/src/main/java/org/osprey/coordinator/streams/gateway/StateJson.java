package org.osprey.coordinator.streams.gateway;

import org.osprey.coordinator.proto.streams.v1.StateUpdate;
import org.osprey.coordinator.proto.streams.v1.StreamMode;

/**
 * The JSON of a state, under the names of the orchestrator service that this replaces. It is made
 * for every update, so it is written by hand.
 */
final class StateJson {
  private static final int MOST = 512;
  private static final int FIRST_PRINTABLE = 0x20;

  private StateJson() {}

  /**
   * @param scenesMissed left out when 0
   */
  static String of(StateUpdate state, long scenesMissed) {
    StringBuilder json = new StringBuilder(MOST);
    write(json, state);
    if (scenesMissed > 0) {
      json.setLength(json.length() - 1);
      json.append(",\"scenes_missed\":").append(scenesMissed).append('}');
    }
    return json.toString();
  }

  private static void write(StringBuilder json, StateUpdate state) {
    text(json.append("{\"stream_id\":"), state.getStreamId());
    json.append(",\"current_scene\":");
    if (state.hasCurrentScene()) {
      text(json, state.getCurrentScene());
    } else {
      json.append("null");
    }
    number(json.append(",\"current_time\":"), state.getCurrentTime());
    number(json.append(",\"time_remaining\":"), state.getTimeRemaining());
    decimal(json.append(",\"progress_percentage\":"), state.getProgressPercentage());
    json.append(",\"is_running\":").append(state.getIsRunning());
    json.append(",\"is_paused\":").append(state.getIsPaused());
    json.append(",\"is_complete\":").append(state.getIsComplete());
    text(json.append(",\"stream_timecode\":"), state.getStreamTimecode());
    json.append(",\"stream_is_streaming\":").append(state.getStreamIsStreaming());
    writeOurs(json, state);
  }

  /** What the original did not have. */
  private static void writeOurs(StringBuilder json, StateUpdate state) {
    json.append(",\"scene_index\":");
    if (state.hasSceneIndex()) {
      number(json, Integer.toUnsignedLong(state.getSceneIndex()));
    } else {
      json.append("null");
    }
    number(json.append(",\"epoch\":"), state.getEpoch());
    number(json.append(",\"seq\":"), state.getSeq());
    number(json.append(",\"server_time\":"), state.getServerTime());
    json.append(",\"mode\":\"").append(mode(state.getMode()));
    number(json.append("\",\"loop\":"), state.getLoop());
    number(json.append(",\"scene_time_remaining\":"), state.getSceneTimeRemaining());
    json.append('}');
  }

  private static String mode(StreamMode mode) {
    return switch (mode) {
      case STREAM_MODE_UNCONFIGURED -> "unconfigured";
      case STREAM_MODE_IDLE -> "idle";
      case STREAM_MODE_RUNNING -> "running";
      case STREAM_MODE_PAUSED -> "paused";
      case STREAM_MODE_FINISHED -> "finished";
      case STREAM_MODE_STOPPED -> "stopped";
      case STREAM_MODE_ERROR, STREAM_MODE_UNSPECIFIED, UNRECOGNIZED -> "error";
    };
  }

  private static void number(StringBuilder json, long unsigned) {
    if (unsigned >= 0) {
      json.append(unsigned);
    } else {
      json.append(Long.toUnsignedString(unsigned));
    }
  }

  /** JSON has no word for what is no number. */
  private static void decimal(StringBuilder json, double value) {
    json.append(Double.isFinite(value) ? value : 0);
  }

  private static void text(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < FIRST_PRINTABLE) {
        json.append("\\u%04x".formatted((int) c));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }
}
