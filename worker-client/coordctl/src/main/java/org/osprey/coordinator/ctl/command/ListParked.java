package org.osprey.coordinator.ctl.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.osprey.coordinator.ctl.api.Field;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.view.ReplicaSetTables;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** What a projection has put aside. */
@Command(
    name = "parked",
    description = "Lists the events that a projection has put aside, the oldest first.")
final class ListParked implements Callable<Exit> {
  private final Coordctl root;

  @Parameters(index = "0", paramLabel = "SET", description = "As list prints it.")
  private String name = "";

  @Parameters(index = "1", paramLabel = "PROJECTION", description = "As show prints it.")
  private String projection = "";

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "Most events to list, up to 1000; otherwise ${DEFAULT-VALUE}.")
  private int limit;

  ListParked(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() {
    String path = ReplicaSetsCommand.path(name, projection) + "/parked?limit=" + limit;
    JsonNode answer = root.api().get(path);
    List<JsonNode> events = Field.list(answer, "parked");
    if (root.json() || !events.isEmpty()) {
      root.show(answer, all -> ReplicaSetTables.parked(events));
    } else {
      root.say("nothing is parked");
    }
    return Exit.OK;
  }
}
