package org.osprey.coordinator.benchmarks.e2e;

import java.util.List;
import org.osprey.coordinator.proto.streams.v1.OrchestratorConfigDto;
import org.osprey.coordinator.proto.streams.v1.SceneConfigDto;

/** What every stream of a benchmark plays: three scenes, over and over. Milliseconds. */
final class Show {
  static final int TICK = 100;
  static final List<Integer> SCENES = List.of(3_000, 10_000, 2_000);
  static final int TOTAL = SCENES.stream().mapToInt(Integer::intValue).sum();

  private Show() {}

  static OrchestratorConfigDto config() {
    OrchestratorConfigDto.Builder config =
        OrchestratorConfigDto.newBuilder().setTickIntervalMs(TICK).setLoopScenes(true);
    for (int i = 0; i < SCENES.size(); i++) {
      config.addScenes(
          SceneConfigDto.newBuilder().setName("scene-" + i).setDurationMs(SCENES.get(i)));
    }
    return config.build();
  }

  /** The same as the body that makes a stream over HTTP. */
  static String json(String streamId) {
    StringBuilder json = new StringBuilder("{\"stream_id\":\"" + streamId + "\",\"scenes\":[");
    for (int i = 0; i < SCENES.size(); i++) {
      json.append(i == 0 ? "" : ",")
          .append("{\"name\":\"scene-%d\",\"duration_ms\":%d}".formatted(i, SCENES.get(i)));
    }
    return json.append("],\"tick_interval_ms\":%d,\"loop_scenes\":true}".formatted(TICK))
        .toString();
  }

  static String streamId(int index) {
    return "bench-%05d".formatted(index);
  }

  /** Streams tick at different moments, by their ids. */
  static int phase(String streamId) {
    return Math.floorMod(streamId.hashCode(), TICK);
  }

  /** How many scenes have begun by a position that counts on over all loops, the first left out. */
  static long changesBy(long position) {
    long changes = position / TOTAL * SCENES.size();
    long rest = position % TOTAL;
    for (int i = 0; i < SCENES.size() - 1 && rest >= SCENES.get(i); i++) {
      rest -= SCENES.get(i);
      changes++;
    }
    return changes;
  }
}
