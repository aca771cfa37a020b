package org.osprey.coordinator.ctl.view;

import static org.osprey.coordinator.ctl.text.Table.Column.left;
import static org.osprey.coordinator.ctl.text.Table.Column.right;

import java.util.List;
import java.util.stream.Collectors;
import org.osprey.coordinator.ctl.api.Field;
import org.osprey.coordinator.ctl.text.Cell;
import org.osprey.coordinator.ctl.text.Details;
import org.osprey.coordinator.ctl.text.Human;
import org.osprey.coordinator.ctl.text.Style.Tone;
import org.osprey.coordinator.ctl.text.Table;
import tools.jackson.databind.JsonNode;

/** Tables of replica sets, of their workers and of their projections. */
public final class ReplicaSetTables {
  private ReplicaSetTables() {}

  public static Table replicaSets(List<JsonNode> sets) {
    Table table =
        new Table(
            left("NAME"),
            left("WORK"),
            left("WORKERS"),
            right("GENERATION"),
            left("SINCE"),
            right("PROJECTIONS"),
            right("LAG"),
            right("PARKED"));
    for (JsonNode set : sets) {
      table.row(
          Cell.of(Field.text(set, "name")),
          work(set),
          workersByState(set),
          Cell.of(Long.toString(Field.number(set, "generation"))),
          Cell.of(Views.shortTime(Field.text(set, "since"))),
          Cell.of(Human.count(Field.number(set, "projections"))),
          Cell.of(Human.count(Field.number(set, "lag"))),
          parkedCount(set));
    }
    return table;
  }

  public static Details details(JsonNode set) {
    return new Details()
        .add("name", Field.text(set, "name"))
        .add("work", work(set))
        .add("generation", Long.toString(Field.number(set, "generation")))
        .add("since", Field.text(set, "since"))
        .add("slots", Long.toString(Field.number(set, "slots")))
        .add("last position", Long.toString(Field.number(set, "last_position")));
  }

  public static Table workers(List<JsonNode> workers) {
    Table table =
        new Table(
            left("WORKER"), left("STATE"), right("PARTITION"), right("SLOTS"), right("HEARD OF"));
    for (JsonNode worker : workers) {
      String heard = Human.seconds(Field.decimal(worker, "silent_seconds")) + " ago";
      table.row(
          Cell.of(Field.text(worker, "name")),
          state(worker),
          Cell.of(worker.path("partition").asString("")),
          Cell.of(Integer.toString(Field.list(worker, "slots").size())),
          Cell.of(heard));
    }
    return table;
  }

  public static Table projections(List<JsonNode> projections) {
    Table table =
        new Table(
            left("PROJECTION"),
            right("POSITION"),
            right("FURTHEST"),
            right("LAG"),
            right("PARKED"));
    for (JsonNode projection : projections) {
      table.row(
          Cell.of(Field.text(projection, "name")),
          Cell.of(Long.toString(Field.number(projection, "position"))),
          Cell.of(Long.toString(Field.number(projection, "furthest"))),
          Cell.of(Human.count(Field.number(projection, "lag"))),
          parkedCount(projection));
    }
    return table;
  }

  public static Table parked(List<JsonNode> events) {
    Table table =
        new Table(
            right("POSITION"), left("STREAM"), left("STATE"), left("PARKED AT"), left("ERROR"));
    for (JsonNode event : events) {
      boolean released = Field.yes(event, "released");
      table.row(
          Cell.of(Long.toString(Field.number(event, "position"))),
          Cell.of(Field.text(event, "stream_id")),
          Cell.of(released ? "released" : "parked", released ? Tone.UNSURE : Tone.BAD),
          Cell.of(Views.shortTime(Field.text(event, "parked_at"))),
          Cell.of(Field.text(event, "error")));
    }
    return table;
  }

  private static Cell work(JsonNode set) {
    boolean complete = Field.yes(set, "complete");
    return Cell.of(complete ? "complete" : "not complete", complete ? Tone.GOOD : Tone.UNSURE);
  }

  /** {@code 3 running, 1 waiting}. */
  private static Cell workersByState(JsonNode set) {
    String text =
        set.path("workers")
            .propertyStream()
            .map(state -> state.getValue().asLong(0) + " " + state.getKey())
            .collect(Collectors.joining(", "));
    return text.isEmpty() ? Cell.of("none", Tone.BAD) : Cell.of(text);
  }

  private static Cell state(JsonNode worker) {
    String state = Field.text(worker, "state");
    return Cell.of(
        state,
        switch (state) {
          case "running" -> Tone.GOOD;
          case "silent" -> Tone.BAD;
          default -> Tone.UNSURE;
        });
  }

  private static Cell parkedCount(JsonNode item) {
    long parked = Field.number(item, "parked");
    return Cell.of(Human.count(parked), parked > 0 ? Tone.BAD : Tone.NORMAL);
  }
}
