package org.osprey.coordinator.ctl.view;

import static org.osprey.coordinator.ctl.text.Table.Column.left;
import static org.osprey.coordinator.ctl.text.Table.Column.right;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.osprey.coordinator.ctl.api.Field;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.ctl.text.Cell;
import org.osprey.coordinator.ctl.text.Details;
import org.osprey.coordinator.ctl.text.Human;
import org.osprey.coordinator.ctl.text.Style.Tone;
import org.osprey.coordinator.ctl.text.Table;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tables of tasks and of their service requests. */
public final class TaskTables {
  private TaskTables() {}

  /** Several tasks as programs get them. */
  public static ObjectNode document(List<JsonNode> tasks) {
    ObjectNode document = Json.object();
    document.putArray("tasks").addAll(tasks);
    return document;
  }

  public static Table tasks(List<JsonNode> tasks) {
    Table table =
        new Table(
            left("ID"),
            left("STATUS"),
            left("NAME"),
            right("ENDED"),
            left("CREATED"),
            right("TOOK"),
            left("ERROR"));
    for (JsonNode task : tasks) {
      table.row(
          Cell.of(Field.text(task, "task_id")),
          status(task),
          Cell.of(Field.text(task, "task_name")),
          Cell.of(ended(task.path("progress"))),
          Cell.of(Views.shortTime(Field.text(task, "created_at"))),
          Cell.of(took(task)),
          Cell.of(Field.text(task, "error_message")));
    }
    return table;
  }

  public static Details details(JsonNode task) {
    return new Details()
        .add("id", Field.text(task, "task_id"))
        .add("name", Field.text(task, "task_name"))
        .add("description", Field.text(task, "task_description"))
        .add("status", status(task))
        .add("ended", ended(task.path("progress")) + " requests")
        .add("created", Field.text(task, "created_at"))
        .add("updated", Field.text(task, "updated_at"))
        .add("error", Field.text(task, "error_message"));
  }

  public static Table requests(List<JsonNode> requests) {
    Table table =
        new Table(
            right("ID"),
            left("SERVICE"),
            left("STATUS"),
            right("ATTEMPTS"),
            left("UPDATED"),
            right("TOOK"),
            left("ERROR"));
    for (JsonNode request : requests) {
      table.row(
          Cell.of(Long.toString(Field.number(request, "id"))),
          Cell.of(Field.text(request, "service_name")),
          status(request),
          Cell.of(Human.count(Field.number(request, "attempts"))),
          Cell.of(Views.shortTime(Field.text(request, "updated_at"))),
          Cell.of(took(request)),
          Cell.of(Field.text(request, "error_message")));
    }
    return table;
  }

  private static Cell status(JsonNode item) {
    String status = Field.text(item, "status");
    return Cell.of(
        status,
        switch (status) {
          case "COMPLETED" -> Tone.GOOD;
          case "FAILED" -> Tone.BAD;
          case "CANCELLED" -> Tone.UNSURE;
          default -> Tone.NORMAL;
        });
  }

  private static String ended(JsonNode progress) {
    long requests = Field.number(progress, "requests");
    return requests - Field.number(progress, "open") + "/" + requests;
  }

  /** Until its end; of what goes on nobody here knows the time. */
  private static String took(JsonNode item) {
    String status = Field.text(item, "status");
    if (status.equals("PENDING") || status.equals("IN_PROGRESS")) {
      return "";
    }
    try {
      Instant created = Instant.parse(Field.text(item, "created_at"));
      return Human.seconds(
          Duration.between(created, Instant.parse(Field.text(item, "updated_at"))));
    } catch (DateTimeParseException e) {
      return "";
    }
  }
}
