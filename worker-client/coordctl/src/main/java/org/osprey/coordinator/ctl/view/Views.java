package org.osprey.coordinator.ctl.view;

import static org.osprey.coordinator.ctl.text.Table.Column.left;
import static org.osprey.coordinator.ctl.text.Table.Column.right;

import java.util.List;
import org.osprey.coordinator.ctl.api.Field;
import org.osprey.coordinator.ctl.text.Cell;
import org.osprey.coordinator.ctl.text.Human;
import org.osprey.coordinator.ctl.text.Style.Tone;
import org.osprey.coordinator.ctl.text.Table;
import tools.jackson.databind.JsonNode;

/** Tables of what a coordinator lists. */
public final class Views {
  private static final double LONG_SILENCE_SECONDS = 30;

  private Views() {}

  public static Table workers(List<JsonNode> workers) {
    Table table =
        new Table(
            right("ID"),
            left("CLIENT"),
            left("PEER"),
            left("ACTIONS"),
            right("OUT"),
            right("ACKS"),
            right("NACKS"),
            right("CONNECTED"),
            right("SILENT"));
    for (JsonNode worker : workers) {
      long nacks = Field.number(worker, "nacks");
      table.row(
          Cell.of(Field.text(worker, "id")),
          Cell.of(Field.text(worker, "client_id")),
          Cell.of(Field.text(worker, "peer")),
          Cell.of(Field.text(worker, "actions")),
          Cell.of(Field.number(worker, "in_flight") + "/" + Field.number(worker, "credits")),
          Cell.of(Human.count(Field.number(worker, "acks"))),
          Cell.of(Human.count(nacks), nacks > 0 ? Tone.UNSURE : Tone.NORMAL),
          Cell.of(Human.seconds(Field.decimal(worker, "connected_seconds"))),
          silence(worker));
    }
    return table;
  }

  /** A stream that holds nothing has nothing to say. */
  private static Cell silence(JsonNode worker) {
    double seconds = Field.decimal(worker, "silent_seconds");
    boolean late = seconds > LONG_SILENCE_SECONDS && Field.number(worker, "in_flight") > 0;
    return Cell.of(Human.seconds(seconds), late ? Tone.UNSURE : Tone.NORMAL);
  }

  public static Table sources(List<JsonNode> sources) {
    Table table = new Table(left("NAME"), left("STATE"), left("HEALTH"), left("DETAIL"));
    for (JsonNode source : sources) {
      boolean paused = Field.yes(source, "paused");
      table.row(
          Cell.of(Field.text(source, "name")),
          paused ? Cell.of("paused", Tone.UNSURE) : Cell.of("running", Tone.GOOD),
          health(Field.yes(source, "healthy")),
          Cell.of(Field.text(source, "detail")));
    }
    return table;
  }

  public static Table checks(List<JsonNode> checks) {
    Table table = new Table(left("COMPONENT"), left("HEALTH"), left("DETAIL"));
    for (JsonNode check : checks) {
      table.row(
          Cell.of(Field.text(check, "component")),
          health(Field.yes(check, "healthy")),
          Cell.of(Field.text(check, "detail")));
    }
    return table;
  }

  public static Table lanes(JsonNode queue) {
    Table table =
        new Table(
            left("LANE"), right("WAITING"), right("UNFINISHED"), right("BYTES"), right("OLDEST"));
    for (String name : List.of("sync", "async")) {
      JsonNode lane = queue.path("lanes").path(name);
      table.row(
          name,
          Human.count(Field.number(lane, "waiting")),
          Human.count(Field.number(lane, "unfinished")),
          Human.bytes(Field.number(lane, "bytes")),
          Human.seconds(Field.decimal(lane, "oldest_seconds")));
    }
    return table;
  }

  public static Table recent(List<JsonNode> actions) {
    Table table =
        new Table(
            left("ID"), left("NAME"), left("LANE"), left("SOURCE"), left("OUTCOME"), right("TOOK"));
    for (JsonNode action : actions) {
      String outcome = Field.text(action, "outcome");
      table.row(
          Cell.of(Field.text(action, "id")),
          Cell.of(Field.text(action, "name")),
          Cell.of(Field.text(action, "lane")),
          Cell.of(Field.text(action, "source")),
          Cell.of(outcome, outcome.equals("acked") ? Tone.GOOD : Tone.BAD),
          Cell.of(Human.seconds(Field.decimal(action, "seconds"))));
    }
    return table;
  }

  public static Table deadLetters(List<JsonNode> letters) {
    Table table =
        new Table(
            left("ID"),
            left("STORED"),
            left("REASON"),
            left("SOURCE"),
            left("ACTION"),
            left("NAME"),
            right("NACKS"),
            right("DEATHS"),
            right("SIZE"),
            left("ERROR"));
    for (JsonNode letter : letters) {
      table.row(
          Field.text(letter, "id"),
          shortTime(Field.text(letter, "stored_at")),
          Field.text(letter, "reason"),
          Field.text(letter, "source"),
          Field.text(letter, "action_id"),
          Field.text(letter, "action_name"),
          Human.count(Field.number(letter, "nacks")),
          Human.count(Field.number(letter, "deaths")),
          Human.bytes(Field.number(letter, "bytes")),
          Field.text(letter, "error"));
    }
    return table;
  }

  static Cell health(boolean healthy) {
    return healthy ? Cell.of("ok", Tone.GOOD) : Cell.of("failing", Tone.BAD);
  }

  /** To the second. */
  static String shortTime(String time) {
    return time.replaceFirst("\\.[0-9]+Z$", "Z");
  }
}
