package org.osprey.coordinator.ctl.command;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.osprey.coordinator.ctl.api.Api;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.view.TaskTables;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Does again what failed. */
@Command(
    name = "retry",
    description = "Calls once more what failed or was cancelled of ended tasks.")
final class RetryTasks implements Callable<Exit> {
  private final Coordctl root;

  @Parameters(arity = "1..*", paramLabel = "ID", description = "Ids, as list prints them.")
  private List<String> ids = List.of();

  RetryTasks(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() {
    Api api = root.api();
    List<JsonNode> tasks = new ArrayList<>();
    for (String id : ids) {
      tasks.add(api.order("/api/tasks/" + Api.segment(id) + "/retry"));
    }
    root.show(TaskTables.document(tasks), answer -> TaskTables.tasks(tasks));
    return Exit.OK;
  }
}
