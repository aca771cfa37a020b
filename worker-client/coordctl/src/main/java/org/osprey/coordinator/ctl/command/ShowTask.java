package org.osprey.coordinator.ctl.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.osprey.coordinator.ctl.api.Api;
import org.osprey.coordinator.ctl.api.Field;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.text.Cell;
import org.osprey.coordinator.ctl.view.TaskTables;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** One task. */
@Command(name = "show", description = "Shows one task with its service requests.")
final class ShowTask implements Callable<Exit> {
  private final Coordctl root;

  @Parameters(paramLabel = "ID", description = "As list prints it.")
  private String id = "";

  @Option(names = "--payloads", description = "Also what services got and what they answered.")
  private boolean payloads;

  ShowTask(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() {
    JsonNode task = root.api().get("/api/tasks/" + Api.segment(id));
    if (root.json()) {
      root.print(task);
      return Exit.OK;
    }
    List<JsonNode> requests = Field.list(task, "service_requests");
    root.print(TaskTables.details(task));
    root.say("");
    root.print(TaskTables.requests(requests));
    if (payloads) {
      requests.forEach(
          request -> {
            print(request, "request_payload", "got");
            print(request, "response_payload", "answered");
          });
    }
    return Exit.OK;
  }

  private void print(JsonNode request, String field, String verb) {
    JsonNode payload = request.path(field);
    if (!payload.isNull() && !payload.isMissingNode()) {
      root.say("");
      root.say(Cell.clean(Field.text(request, "service_name")) + " " + verb);
      root.print(Json.pretty(payload).lines().map(Cell::clean).toList());
    }
  }
}
