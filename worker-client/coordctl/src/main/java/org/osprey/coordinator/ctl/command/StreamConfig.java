package org.osprey.coordinator.ctl.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.ctl.console.Console;
import org.osprey.coordinator.ctl.console.Failure;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The options that say what a stream is to be like. */
final class StreamConfig {
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  @Option(
      names = "--scene",
      paramLabel = "NAME=TIME",
      converter = StreamScene.Reader.class,
      description = "A scene and how long it lasts, such as Intro=3s; one for each.")
  private List<StreamScene> scenes = List.of();

  @Option(
      names = "--file",
      paramLabel = "FILE|-",
      description =
          "YAML or JSON instead, as the API takes it: scenes with name, duration_ms, action_name,"
              + " data, and the other fields. Options below take precedence.")
  private @Nullable String file;

  @Option(names = "--loop", description = "After the last scene comes the first.")
  private boolean loop;

  @Option(
      names = "--tick",
      paramLabel = "TIME",
      converter = Times.class,
      description = "Time between two updates, 10ms to 1m; otherwise 100ms.")
  private @Nullable Duration tick;

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      converter = Times.class,
      description = "How long it goes on after the last watcher; otherwise the setting.")
  private @Nullable Duration grace;

  @Option(
      names = "--on-empty",
      paramLabel = "pause|restart",
      description = "What the last watcher leaves: its position, or%nthe beginning.")
  private @Nullable OnEmpty onEmpty;

  @Option(
      names = "--missed",
      paramLabel = "skip|fire_last",
      description = "Actions of scenes that began in an outage: none, or that of the current one.")
  private @Nullable Missed missed;

  /** What the last watcher leaves behind. */
  enum OnEmpty {
    PAUSE,
    RESTART;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What becomes of actions of scenes that began while the coordinator was down. */
  enum Missed {
    SKIP,
    FIRE_LAST;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * As the API takes it.
   *
   * @throws Failure when there is none, or it can't be read
   */
  ObjectNode read(Console console) throws IOException {
    if (file == null ? scenes.isEmpty() : !scenes.isEmpty()) {
      throw Failure.usage("--scene, --file: want one of them, such as --scene Intro=3s");
    }
    ObjectNode config = file == null ? listed() : parsed(bytes(file, console));
    if (loop) {
      config.put("loop_scenes", true);
    }
    put(config, "tick_interval_ms", tick);
    put(config, "grace_period_ms", grace);
    put(config, "on_empty", onEmpty);
    put(config, "missed_scenes", missed);
    return config;
  }

  private ObjectNode listed() {
    ObjectNode config = Json.object();
    ArrayNode list = config.putArray("scenes");
    for (StreamScene scene : scenes) {
      list.addObject().put("name", scene.name()).put("duration_ms", scene.duration().toMillis());
    }
    return config;
  }

  private static void put(ObjectNode config, String name, @Nullable Duration value) {
    if (value != null) {
      config.put(name, value.toMillis());
    }
  }

  private static void put(ObjectNode config, String name, @Nullable Enum<?> value) {
    if (value != null) {
      config.put(name, value.toString());
    }
  }

  private static ObjectNode parsed(byte[] text) {
    try {
      boolean json = new String(text, UTF_8).stripLeading().startsWith("{");
      JsonNode config = json ? Json.read(text) : YAML.readTree(text);
      if (config instanceof ObjectNode object) {
        return object;
      }
      throw Failure.usage("--file: want an object with scenes, got something else");
    } catch (JacksonException e) {
      throw Failure.usage("--file: cannot be read" + place(e.getLocation()) + ": " + reason(e));
    }
  }

  private static String place(@Nullable TokenStreamLocation place) {
    return place == null
        ? ""
        : ", line %d column %d".formatted(place.getLineNr(), place.getColumnNr());
  }

  private static String reason(JacksonException e) {
    return String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
  }

  private static byte[] bytes(String name, Console console) throws IOException {
    if (name.equals("-")) {
      return console.in().readAllBytes();
    }
    try {
      return Files.readAllBytes(Path.of(name));
    } catch (NoSuchFileException e) {
      throw Failure.usage("--file: there is no file " + name);
    } catch (IOException e) {
      throw Failure.usage(
          "--file: cannot read " + name + " (" + e.getClass().getSimpleName() + ")");
    }
  }
}
