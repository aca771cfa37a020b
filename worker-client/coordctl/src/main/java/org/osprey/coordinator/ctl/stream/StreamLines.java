package org.osprey.coordinator.ctl.stream;

import java.time.Instant;
import java.util.Locale;
import org.osprey.coordinator.ctl.api.Field;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.ctl.console.Console;
import org.osprey.coordinator.ctl.text.Cell;
import org.osprey.coordinator.ctl.text.Human;
import org.osprey.coordinator.ctl.text.Style;
import org.osprey.coordinator.ctl.text.Style.Tone;
import org.osprey.coordinator.ctl.view.StreamTables;
import tools.jackson.databind.JsonNode;

/** States of a stream, a line each. */
public final class StreamLines {
  private static final double MILLIS = 1000;

  private final Console console;
  private final Style style;
  private final boolean json;

  /**
   * @param json as they came, for programs
   */
  public StreamLines(Console console, Style style, boolean json) {
    this.console = console;
    this.style = style;
    this.json = json;
  }

  /** False when nobody reads it any more. */
  public boolean print(JsonNode state) {
    console.out().println(json ? Json.line(state) : line(state));
    return !console.out().checkError();
  }

  private String line(JsonNode state) {
    String time = Instant.ofEpochMilli(Field.number(state, "server_time")).toString();
    Cell mode = StreamTables.mode(state);
    return "%s  %s  %5.1f %%  %s"
        .formatted(
            style.paint(Tone.FAINT, time),
            style.paint(mode.tone(), "%-9s".formatted(mode.text())),
            Field.decimal(state, "progress_percentage"),
            scene(state))
        .stripTrailing();
  }

  private static String scene(JsonNode state) {
    StringBuilder text = new StringBuilder(Cell.clean(Field.text(state, "current_scene")));
    if (Field.yes(state, "is_running") || Field.yes(state, "is_paused")) {
      double left = Field.number(state, "scene_time_remaining") / MILLIS;
      text.append(", ").append(Human.seconds(left)).append(" left");
    }
    add(text, "loop", Field.number(state, "loop"));
    add(text, "scenes missed:", Field.number(state, "scenes_missed"));
    return text.toString();
  }

  private static void add(StringBuilder text, String what, long number) {
    if (number > 0) {
      text.append(String.format(Locale.ROOT, ", %s %d", what, number));
    }
  }
}
