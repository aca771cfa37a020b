package org.osprey.coordinator.streams;

import java.time.Duration;
import java.util.List;
import org.osprey.coordinator.proto.streams.v1.MissedScenes;
import org.osprey.coordinator.proto.streams.v1.OnEmpty;
import org.osprey.coordinator.proto.streams.v1.OrchestratorConfigDto;

/** What a stream plays. Times are in nanoseconds. */
final class StreamConfig {
  private static final Duration TICK = Duration.ofMillis(100);

  private final OrchestratorConfigDto message;
  private final List<Scene> scenes;
  private final long tick;

  private StreamConfig(OrchestratorConfigDto message, List<Scene> scenes) {
    this.message = message;
    this.scenes = scenes;
    tick = message.hasTickIntervalMs() ? nanos(message.getTickIntervalMs()) : TICK.toNanos();
  }

  /**
   * @throws InvalidConfigException naming the field that is wrong
   */
  static StreamConfig of(OrchestratorConfigDto message) throws InvalidConfigException {
    return new StreamConfig(message, ConfigReader.scenes(message));
  }

  static long nanos(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }

  OrchestratorConfigDto message() {
    return message;
  }

  boolean isEmpty() {
    return scenes.isEmpty();
  }

  int size() {
    return scenes.size();
  }

  Scene scene(int index) {
    return scenes.get(index);
  }

  /** The scene of that name, or -1. */
  int indexOf(String name) {
    for (int i = 0; i < scenes.size(); i++) {
      if (scenes.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * The scene at a position, or -1 when there are none; at the very end it is the last.
   *
   * @param position from 0 to {@link #total}
   */
  int indexAt(long position) {
    int low = 0;
    int high = scenes.size() - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (position < scenes.get(middle).end()) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return high < 0 ? -1 : low;
  }

  long total() {
    return scenes.isEmpty() ? 0 : scenes.getLast().end();
  }

  long tick() {
    return tick;
  }

  boolean loops() {
    return message.getLoopScenes();
  }

  /** How long the clock goes on after the last watcher has left. */
  long grace(Duration otherwise) {
    return message.hasGracePeriodMs() ? nanos(message.getGracePeriodMs()) : otherwise.toNanos();
  }

  /** Whether who watches next sees it from the beginning. */
  boolean restartsWhenEmpty() {
    return message.getOnEmpty() == OnEmpty.ON_EMPTY_RESTART;
  }

  boolean firesLastMissed() {
    return message.getMissedScenes() == MissedScenes.MISSED_SCENES_FIRE_LAST;
  }
}
