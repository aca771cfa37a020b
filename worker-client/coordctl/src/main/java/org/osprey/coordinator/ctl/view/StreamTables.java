package org.osprey.coordinator.ctl.view;

import static org.osprey.coordinator.ctl.text.Table.Column.left;
import static org.osprey.coordinator.ctl.text.Table.Column.right;

import java.util.List;
import java.util.Locale;
import org.osprey.coordinator.ctl.api.Field;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.ctl.text.Cell;
import org.osprey.coordinator.ctl.text.Details;
import org.osprey.coordinator.ctl.text.Human;
import org.osprey.coordinator.ctl.text.Style.Tone;
import org.osprey.coordinator.ctl.text.Table;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tables of scheduled streams and of their scenes. */
public final class StreamTables {
  private static final double MILLIS = 1000;
  private static final String DEFAULT = "default";

  private StreamTables() {}

  /** Several streams as programs get them. */
  public static ObjectNode document(List<JsonNode> streams) {
    ObjectNode document = Json.object();
    document.putArray("streams").addAll(streams);
    return document;
  }

  public static Table streams(List<JsonNode> streams) {
    Table table =
        new Table(
            left("ID"),
            left("MODE"),
            left("SCENE"),
            right("LEFT"),
            right("DONE"),
            right("LOOP"),
            right("WATCHING"),
            right("STALE"),
            left("INSTANCE"));
    for (JsonNode stream : streams) {
      JsonNode state = stream.path("state");
      JsonNode watching = stream.path("subscribers");
      long stale = Field.number(watching, "stale");
      table.row(
          Cell.of(Field.text(stream, "stream_id")),
          mode(state),
          Cell.of(Field.text(state, "current_scene")),
          Cell.of(rest(state)),
          Cell.of(done(state)),
          Cell.of(Human.count(Field.number(state, "loop"))),
          Cell.of(Human.count(Field.number(watching, "total"))),
          Cell.of(Human.count(stale), stale > 0 ? Tone.UNSURE : Tone.NORMAL),
          Cell.of(Field.text(stream, "instance")));
    }
    return table;
  }

  /** What became of streams that were told to do something. */
  public static Table changed(List<JsonNode> answers) {
    Table table =
        new Table(
            left("ID"), left("MODE"), left("SCENE"), right("LEFT"), right("DONE"), left("MESSAGE"));
    for (JsonNode answer : answers) {
      JsonNode state = answer.path("state");
      table.row(
          Cell.of(Field.text(answer, "stream_id")),
          mode(state),
          Cell.of(Field.text(state, "current_scene")),
          Cell.of(rest(state)),
          Cell.of(done(state)),
          Cell.of(Field.text(answer, "message")));
    }
    return table;
  }

  public static Details details(JsonNode stream) {
    JsonNode state = stream.path("state");
    JsonNode config = stream.path("config");
    boolean loops = Field.yes(config, "loop_scenes");
    return new Details()
        .add("id", Field.text(stream, "stream_id"))
        .add("mode", mode(state))
        .add("done", done(state) + " of " + millis(total(config)))
        .add("loop", loops ? Long.toString(Field.number(state, "loop")) : "no")
        .add("tick", millis(config, "tick_interval_ms"))
        .add("grace", millis(config, "grace_period_ms"))
        .add("on empty", config.path("on_empty").asString(DEFAULT))
        .add("missed scenes", config.path("missed_scenes").asString(DEFAULT))
        .add("watching", watching(stream.path("subscribers")))
        .add("timecode", Field.text(state, "stream_timecode"))
        .add("instance", Field.text(stream, "instance"));
  }

  /** Where each begins and how long it lasts, the current one with what is left of it. */
  public static Table scenes(JsonNode stream) {
    Table table =
        new Table(
            right("NO"),
            left("SCENE"),
            right("BEGINS"),
            right("LASTS"),
            right("LEFT"),
            left("ACTION"));
    JsonNode state = stream.path("state");
    long current = state.path("scene_index").asLong(-1);
    long begins = 0;
    int index = 0;
    for (JsonNode scene : Field.list(stream.path("config"), "scenes")) {
      long lasts = Field.number(scene, "duration_ms");
      table.row(
          Cell.of(Integer.toString(index + 1)),
          Cell.of(Field.text(scene, "name"), index == current ? mode(state).tone() : Tone.NORMAL),
          Cell.of(millis(begins)),
          Cell.of(millis(lasts)),
          Cell.of(index == current ? rest(state) : ""),
          Cell.of(Field.text(scene, "action_name")));
      begins += lasts;
      index++;
    }
    return table;
  }

  public static Cell mode(JsonNode state) {
    String mode = Field.text(state, "mode");
    return Cell.of(
        mode,
        switch (mode) {
          case "running" -> Tone.GOOD;
          case "paused" -> Tone.UNSURE;
          case "error" -> Tone.BAD;
          default -> Tone.NORMAL;
        });
  }

  /** Of its scene. */
  private static String rest(JsonNode state) {
    return millis(Field.number(state, "scene_time_remaining"));
  }

  private static String done(JsonNode state) {
    return String.format(Locale.ROOT, "%.1f%%", Field.decimal(state, "progress_percentage"));
  }

  private static String watching(JsonNode counts) {
    return "%d (%d active, %d stale, %d clients)"
        .formatted(
            Field.number(counts, "total"),
            Field.number(counts, "active"),
            Field.number(counts, "stale"),
            Field.number(counts, "unique_clients"));
  }

  private static long total(JsonNode config) {
    return Field.list(config, "scenes").stream()
        .mapToLong(scene -> Field.number(scene, "duration_ms"))
        .sum();
  }

  private static String millis(JsonNode config, String name) {
    return config.has(name) ? millis(Field.number(config, name)) : DEFAULT;
  }

  private static String millis(long millis) {
    return Human.seconds(millis / MILLIS);
  }
}
