package org.osprey.coordinator.streams;

import java.util.Locale;
import org.osprey.coordinator.proto.streams.v1.StreamMode;

/** What a stream does. */
enum Mode {
  /** It has no scenes. */
  UNCONFIGURED(StreamMode.STREAM_MODE_UNCONFIGURED),
  /** It runs as soon as somebody watches. */
  IDLE(StreamMode.STREAM_MODE_IDLE),
  RUNNING(StreamMode.STREAM_MODE_RUNNING),
  PAUSED(StreamMode.STREAM_MODE_PAUSED),
  /** The last scene has ended. */
  FINISHED(StreamMode.STREAM_MODE_FINISHED),
  /** Somebody stopped it, so no watcher starts it. */
  STOPPED(StreamMode.STREAM_MODE_STOPPED),
  /** It stands still because of a fault in here. */
  ERROR(StreamMode.STREAM_MODE_ERROR);

  private final StreamMode wire;

  Mode(StreamMode wire) {
    this.wire = wire;
  }

  StreamMode wire() {
    return wire;
  }

  /**
   * @throws IllegalArgumentException when there is none such
   */
  static Mode of(StreamMode wire) {
    for (Mode mode : values()) {
      if (mode.wire == wire) {
        return mode;
      }
    }
    throw new IllegalArgumentException("no mode of a stream: " + wire);
  }

  /** As people and labels have it. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
