package org.osprey.coordinator.ctl.command;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.osprey.coordinator.ctl.api.Api;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.view.TaskTables;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Ends what has not ended. */
@Command(
    name = "cancel",
    description = "Ends tasks: what waits is not called, what is being called not waited for.")
final class CancelTasks implements Callable<Exit> {
  private final Coordctl root;

  @Parameters(arity = "1..*", paramLabel = "ID", description = "Ids, as list prints them.")
  private List<String> ids = List.of();

  @Mixin private final Confirmation confirmation = new Confirmation();

  CancelTasks(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() {
    Api api = root.api();
    String what = ids.size() == 1 ? "task " + ids.getFirst() : ids.size() + " tasks";
    confirmation.ask(root.console(), "Cancel " + what + " at " + api.base() + "?");
    List<JsonNode> tasks = new ArrayList<>();
    for (String id : ids) {
      tasks.add(api.order("/api/tasks/" + Api.segment(id) + "/cancel"));
    }
    root.show(TaskTables.document(tasks), answer -> TaskTables.tasks(tasks));
    return Exit.OK;
  }
}
