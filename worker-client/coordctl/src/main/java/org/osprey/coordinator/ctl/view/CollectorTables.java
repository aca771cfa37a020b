package org.osprey.coordinator.ctl.view;

import static org.osprey.coordinator.ctl.text.Table.Column.left;
import static org.osprey.coordinator.ctl.text.Table.Column.right;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.osprey.coordinator.ctl.api.Field;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.ctl.text.Cell;
import org.osprey.coordinator.ctl.text.Details;
import org.osprey.coordinator.ctl.text.Human;
import org.osprey.coordinator.ctl.text.Style.Tone;
import org.osprey.coordinator.ctl.text.Table;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tables of collectors and of what became of their events. */
public final class CollectorTables {
  private static final int PERCENT = 100;
  private static final double NEARLY_FULL = 0.8;

  private CollectorTables() {}

  /** Several collectors as programs get them. */
  public static ObjectNode document(List<JsonNode> collectors) {
    ObjectNode document = Json.object();
    document.putArray("collectors").addAll(collectors);
    return document;
  }

  public static Table collectors(List<JsonNode> collectors) {
    Table table =
        new Table(
            left("NAME"),
            left("KIND"),
            left("STATE"),
            left("HEALTH"),
            right("BUFFER"),
            right("PUBLISHED"),
            right("DROPPED"),
            right("SPILLED"),
            right("RESTARTS"),
            left("LAST EVENT"),
            left("DETAIL"));
    for (JsonNode collector : collectors) {
      JsonNode ledger = collector.path("ledger");
      long dropped = dropped(ledger);
      long spilled = Field.number(ledger, "spilled");
      table.row(
          Cell.of(Field.text(collector, "name")),
          Cell.of(Field.text(collector, "kind")),
          state(collector),
          health(collector),
          buffer(collector),
          Cell.of(Human.count(Field.number(ledger, "published"))),
          Cell.of(Human.count(dropped), dropped > 0 ? Tone.BAD : Tone.NORMAL),
          Cell.of(Human.count(spilled), spilled > 0 ? Tone.UNSURE : Tone.NORMAL),
          Cell.of(Human.count(Field.number(collector, "restarts"))),
          Cell.of(Views.shortTime(Field.text(collector, "last_event"))),
          Cell.of(Field.text(collector, "detail")));
    }
    return table;
  }

  public static Details details(JsonNode collector) {
    Details details =
        new Details()
            .add("name", Field.text(collector, "name"))
            .add("kind", Field.text(collector, "kind"))
            .add("state", state(collector))
            .add("health", health(collector))
            .add("detail", Field.text(collector, "detail"))
            .add("restarts", Long.toString(Field.number(collector, "restarts")))
            .add("stray threads", Long.toString(Field.number(collector, "stray_threads")))
            .add("last event", Field.text(collector, "last_event"))
            .add("when full", Field.text(collector, "when_full"));
    JsonNode ledger = collector.path("ledger");
    if (ledger.isMissingNode()) {
      return details;
    }
    JsonNode buffer = collector.path("buffer");
    return details
        .add("buffer", buffer(collector))
        .add("capacity", Long.toString(Field.number(buffer, "capacity")))
        .add("bytes", Human.bytes(Field.number(buffer, "bytes")))
        .add("received", Long.toString(Field.number(ledger, "received")))
        .add("recovered", Long.toString(Field.number(ledger, "recovered")))
        .add("published", Long.toString(Field.number(ledger, "published")))
        .add("dropped", losses(ledger))
        .add("sampled out", Long.toString(Field.number(ledger, "sampled_out")))
        .add("queued", Long.toString(Field.number(ledger, "queued")))
        .add("spilled", Long.toString(Field.number(ledger, "spilled")));
  }

  /** What a reload did. */
  public static Details reload(JsonNode reload) {
    return new Details()
        .add("started", names(reload, "started"))
        .add("stopped", names(reload, "stopped"))
        .add("restarted", names(reload, "restarted"))
        .add("unchanged", names(reload, "unchanged"))
        .add("need restart", Cell.of(names(reload, "need_restart"), Tone.UNSURE));
  }

  private static Cell state(JsonNode collector) {
    String state = Field.text(collector, "state");
    return Cell.of(
        state.replace('_', ' '),
        switch (state) {
          case "running" -> Tone.GOOD;
          case "backing_off", "stuck", "failed" -> Tone.BAD;
          case "starting", "stopping" -> Tone.UNSURE;
          default -> Tone.NORMAL;
        });
  }

  /** What is not to run is neither well nor ill. */
  private static Cell health(JsonNode collector) {
    if (Field.text(collector, "state").equals("disabled")) {
      return Cell.of("");
    }
    return Views.health(Field.yes(collector, "healthy"));
  }

  private static Cell buffer(JsonNode collector) {
    JsonNode buffer = collector.path("buffer");
    if (buffer.isMissingNode()) {
      return Cell.of("");
    }
    double utilization = Field.decimal(buffer, "utilization");
    return Cell.of(
        Math.round(utilization * PERCENT) + "%",
        utilization > NEARLY_FULL ? Tone.UNSURE : Tone.NORMAL);
  }

  private static long dropped(JsonNode ledger) {
    return ledger.path("dropped").valueStream().mapToLong(count -> count.asLong(0)).sum();
  }

  /** {@code 37: full newest 30, unconfirmed 7}. */
  private static Cell losses(JsonNode ledger) {
    long all = dropped(ledger);
    if (all == 0) {
      return Cell.of("0");
    }
    String reasons =
        ledger
            .path("dropped")
            .propertyStream()
            .filter(loss -> loss.getValue().asLong(0) > 0)
            .map(CollectorTables::loss)
            .collect(Collectors.joining(", "));
    return Cell.of(all + ": " + reasons, Tone.BAD);
  }

  private static String loss(Map.Entry<String, JsonNode> loss) {
    return loss.getKey().replace('_', ' ') + " " + loss.getValue().asLong(0);
  }

  private static String names(JsonNode reload, String field) {
    return Field.list(reload, field).stream()
        .map(name -> name.asString(""))
        .collect(Collectors.joining(", "));
  }
}
