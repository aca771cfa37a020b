package org.osprey.coordinator.ctl.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.osprey.coordinator.ctl.api.Field;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.view.CollectorTables;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** All of them. */
@Command(
    name = "list",
    description = "Lists collectors, how they are, and what became of their events.")
final class ListCollectors implements Callable<Exit> {
  private final Coordctl root;

  ListCollectors(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() {
    JsonNode answer = root.api().get(CollectorsCommand.PATH);
    List<JsonNode> collectors = Field.list(answer, "collectors");
    if (root.json() || !collectors.isEmpty()) {
      root.show(answer, all -> CollectorTables.collectors(collectors));
    } else {
      root.say("no collectors");
    }
    if (Field.yes(answer.path("reloads"), "last_failed")) {
      root.say("the newest configuration was refused, an older one runs: see reload");
    }
    return Exit.OK;
  }
}
