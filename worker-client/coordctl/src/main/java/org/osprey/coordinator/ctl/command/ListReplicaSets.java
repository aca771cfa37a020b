package org.osprey.coordinator.ctl.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.osprey.coordinator.ctl.api.Field;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.view.ReplicaSetTables;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** All of them. */
@Command(name = "list", description = "Lists replica sets, their workers, and how far they are.")
final class ListReplicaSets implements Callable<Exit> {
  private final Coordctl root;

  ListReplicaSets(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() {
    JsonNode answer = root.api().get(ReplicaSetsCommand.PATH);
    List<JsonNode> sets = Field.list(answer, "replica_sets");
    if (root.json() || !sets.isEmpty()) {
      root.show(answer, all -> ReplicaSetTables.replicaSets(sets));
    } else {
      root.say("no replica sets");
    }
    return Exit.OK;
  }
}
