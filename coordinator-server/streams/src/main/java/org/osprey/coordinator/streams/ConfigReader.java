package org.osprey.coordinator.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.codec.JsonObjects;
import org.osprey.coordinator.codec.UndecodableException;
import org.osprey.coordinator.proto.streams.v1.MissedScenes;
import org.osprey.coordinator.proto.streams.v1.OnEmpty;
import org.osprey.coordinator.proto.streams.v1.OrchestratorConfigDto;
import org.osprey.coordinator.proto.streams.v1.SceneConfigDto;

/** Reads the configuration of a stream, or says what is wrong with it. */
final class ConfigReader {
  static final int MAX_SCENES = 1_000;
  static final int MAX_BYTES = 256 * 1024;

  private static final int MAX_NAME = 256;
  private static final long MIN_TICK = 10;
  private static final long MAX_TICK = 60_000;
  private static final Duration MAX_TOTAL = Duration.ofDays(3_650);
  private static final Duration MAX_GRACE = Duration.ofDays(1);

  private ConfigReader() {}

  /**
   * @throws InvalidConfigException naming the field that is wrong
   */
  static List<Scene> scenes(OrchestratorConfigDto config) throws InvalidConfigException {
    check(
        config.getSerializedSize() <= MAX_BYTES,
        "config: want at most %d bytes, got %d",
        MAX_BYTES,
        config.getSerializedSize());
    checkTimes(config);
    check(config.getOnEmpty() != OnEmpty.UNRECOGNIZED, "config.on_empty: want pause or restart");
    check(
        config.getMissedScenes() != MissedScenes.UNRECOGNIZED,
        "config.missed_scenes: want skip or fire_last");
    check(
        config.getScenesCount() <= MAX_SCENES,
        "config.scenes: want at most %d, got %d",
        MAX_SCENES,
        config.getScenesCount());
    return read(config.getScenesList());
  }

  private static void checkTimes(OrchestratorConfigDto config) throws InvalidConfigException {
    long tick = config.getTickIntervalMs();
    check(
        !config.hasTickIntervalMs() || (tick >= MIN_TICK && tick <= MAX_TICK),
        "config.tick_interval_ms: want from %d to %d, got %s",
        MIN_TICK,
        MAX_TICK,
        Long.toUnsignedString(tick));
    long grace = config.getGracePeriodMs();
    check(
        grace >= 0 && grace <= MAX_GRACE.toMillis(),
        "config.grace_period_ms: want at most %d, got %s",
        MAX_GRACE.toMillis(),
        Long.toUnsignedString(grace));
  }

  private static List<Scene> read(List<SceneConfigDto> scenes) throws InvalidConfigException {
    List<Scene> read = new ArrayList<>(scenes.size());
    Set<String> names = new HashSet<>();
    long begin = 0;
    for (int i = 0; i < scenes.size(); i++) {
      SceneConfigDto scene = scenes.get(i);
      String field = "config.scenes[" + i + "]";
      checkName(field, scene.getName());
      check(names.add(scene.getName()), "%s.name: stands before, want each name once", field);
      long end = begin + duration(field, scene.getDurationMs());
      check(
          end <= MAX_TOTAL.toNanos(),
          "%s.duration_ms: want at most %d in all scenes together",
          field,
          MAX_TOTAL.toMillis());
      read.add(new Scene(scene.getName(), begin, end, action(field, scene)));
      begin = end;
    }
    return List.copyOf(read);
  }

  private static void checkName(String field, String name) throws InvalidConfigException {
    check(!name.isBlank(), "%s.name: is empty, want a name", field);
    check(name.length() <= MAX_NAME, "%s.name: want at most %d characters", field, MAX_NAME);
  }

  private static long duration(String field, long millis) throws InvalidConfigException {
    check(
        millis > 0 && millis <= MAX_TOTAL.toMillis(),
        "%s.duration_ms: want from 1 to %d, got %s",
        field,
        MAX_TOTAL.toMillis(),
        Long.toUnsignedString(millis));
    return StreamConfig.nanos(millis);
  }

  private static Scene.@Nullable SceneAction action(String field, SceneConfigDto scene)
      throws InvalidConfigException {
    String name = scene.getActionName();
    String data = scene.getDataJson();
    if (name.isEmpty()) {
      check(data.isEmpty(), "%s.data: goes with action_name, which is missing", field);
      return null;
    }
    check(name.length() <= MAX_NAME, "%s.action_name: want at most %d characters", field, MAX_NAME);
    return new Scene.SceneAction(name, data.isEmpty() ? "{}" : checked(field, data));
  }

  private static String checked(String field, String data) throws InvalidConfigException {
    try {
      JsonObjects.check(data.getBytes(UTF_8));
      return data;
    } catch (UndecodableException e) {
      throw new InvalidConfigException("%s.data: want a JSON object".formatted(field));
    }
  }

  @com.google.errorprone.annotations.FormatMethod
  private static void check(boolean holds, String message, Object... values)
      throws InvalidConfigException {
    if (!holds) {
      throw new InvalidConfigException(message.formatted(values));
    }
  }
}
