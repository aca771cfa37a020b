package org.osprey.coordinator.ctl.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.osprey.coordinator.ctl.api.Field;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.view.ReplicaSetTables;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** One replica set. */
@Command(name = "show", description = "Shows one replica set with its workers and projections.")
final class ShowReplicaSet implements Callable<Exit> {
  private final Coordctl root;

  @Parameters(paramLabel = "SET", description = "As list prints it.")
  private String name = "";

  ShowReplicaSet(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() {
    JsonNode set = root.api().get(ReplicaSetsCommand.path(name));
    if (root.json()) {
      root.print(set);
      return Exit.OK;
    }
    root.print(ReplicaSetTables.details(set));
    List<JsonNode> workers = Field.list(set, "workers");
    List<JsonNode> projections = Field.list(set, "projections");
    if (workers.isEmpty()) {
      root.say("no workers");
    } else {
      root.print(ReplicaSetTables.workers(workers));
    }
    if (projections.isEmpty()) {
      root.say("no projections");
    } else {
      root.print(ReplicaSetTables.projections(projections));
    }
    return Exit.OK;
  }
}
