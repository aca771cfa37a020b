package org.osprey.coordinator.streams.gateway;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.http.ProblemException;
import org.osprey.coordinator.proto.streams.v1.MissedScenes;
import org.osprey.coordinator.proto.streams.v1.OnEmpty;
import org.osprey.coordinator.proto.streams.v1.OrchestratorConfigDto;
import org.osprey.coordinator.proto.streams.v1.SceneConfigDto;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A configuration as JSON, which is read and shown in the same form. Only its form is checked. */
final class ConfigJson {
  static final List<String> FIELDS =
      List.of(
          "scenes",
          "tick_interval_ms",
          "loop_scenes",
          "grace_period_ms",
          "on_empty",
          "missed_scenes");

  private static final List<String> SCENE_FIELDS =
      List.of("name", "duration_ms", "action_name", "data");

  private ConfigJson() {}

  /**
   * @throws ProblemException naming the field that is wrong
   */
  static OrchestratorConfigDto read(Fields body) {
    OrchestratorConfigDto.Builder config = OrchestratorConfigDto.newBuilder();
    if (!body.object().has("scenes")) {
      throw body.missing("scenes", "an array");
    }
    body.objects("scenes", SCENE_FIELDS).forEach(scene -> config.addScenes(scene(scene)));
    Long tick = body.number("tick_interval_ms");
    if (tick != null) {
      config.setTickIntervalMs(tick);
    }
    Long grace = body.number("grace_period_ms");
    if (grace != null) {
      config.setGracePeriodMs(grace);
    }
    return config
        .setLoopScenes(Boolean.TRUE.equals(body.flag("loop_scenes")))
        .setOnEmpty(onEmpty(body.text("on_empty")))
        .setMissedScenes(missedScenes(body.text("missed_scenes")))
        .build();
  }

  private static SceneConfigDto scene(Fields fields) {
    String name = fields.text("name");
    if (name == null) {
      throw fields.missing("name", "a string");
    }
    Long duration = fields.number("duration_ms");
    if (duration == null) {
      throw fields.missing("duration_ms", "milliseconds");
    }
    String action = fields.text("action_name");
    String data = fields.object("data");
    return SceneConfigDto.newBuilder()
        .setName(name)
        .setDurationMs(duration)
        .setActionName(action == null ? "" : action)
        .setDataJson(data == null ? "" : data)
        .build();
  }

  private static OnEmpty onEmpty(@Nullable String text) {
    return switch (text) {
      case null -> OnEmpty.ON_EMPTY_UNSPECIFIED;
      case "pause" -> OnEmpty.ON_EMPTY_PAUSE;
      case "restart" -> OnEmpty.ON_EMPTY_RESTART;
      default -> throw notOneOf("on_empty", "pause or restart", text);
    };
  }

  private static MissedScenes missedScenes(@Nullable String text) {
    return switch (text) {
      case null -> MissedScenes.MISSED_SCENES_UNSPECIFIED;
      case "skip" -> MissedScenes.MISSED_SCENES_SKIP;
      case "fire_last" -> MissedScenes.MISSED_SCENES_FIRE_LAST;
      default -> throw notOneOf("missed_scenes", "skip or fire_last", text);
    };
  }

  private static ProblemException notOneOf(String name, String want, String got) {
    return ProblemException.badRequest(
        "%s: want %s, got '%s'".formatted(name, want, Fields.shown(got)));
  }

  static ObjectNode show(OrchestratorConfigDto config) {
    ObjectNode json = Fields.MAPPER.createObjectNode();
    var scenes = json.putArray("scenes");
    config.getScenesList().forEach(scene -> scenes.add(show(scene)));
    if (config.hasTickIntervalMs()) {
      json.put("tick_interval_ms", config.getTickIntervalMs());
    }
    json.put("loop_scenes", config.getLoopScenes());
    if (config.hasGracePeriodMs()) {
      json.put("grace_period_ms", config.getGracePeriodMs());
    }
    if (config.getOnEmpty() != OnEmpty.ON_EMPTY_UNSPECIFIED) {
      json.put("on_empty", lower(config.getOnEmpty(), "ON_EMPTY_"));
    }
    if (config.getMissedScenes() != MissedScenes.MISSED_SCENES_UNSPECIFIED) {
      json.put("missed_scenes", lower(config.getMissedScenes(), "MISSED_SCENES_"));
    }
    return json;
  }

  private static ObjectNode show(SceneConfigDto scene) {
    ObjectNode json =
        Fields.MAPPER
            .createObjectNode()
            .put("name", scene.getName())
            .put("duration_ms", scene.getDurationMs());
    if (!scene.getActionName().isEmpty()) {
      json.put("action_name", scene.getActionName());
    }
    if (!scene.getDataJson().isEmpty()) {
      json.set("data", tree(scene.getDataJson()));
    }
    return json;
  }

  /** What came by another way than this need not be JSON. */
  private static JsonNode tree(String json) {
    try {
      return Fields.MAPPER.readTree(json);
    } catch (JacksonException e) {
      return Fields.MAPPER.createObjectNode();
    }
  }

  private static String lower(Enum<?> constant, String prefix) {
    return constant.name().substring(prefix.length()).toLowerCase(Locale.ROOT);
  }
}
