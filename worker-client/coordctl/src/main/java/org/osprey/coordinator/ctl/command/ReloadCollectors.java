package org.osprey.coordinator.ctl.command;

import java.util.concurrent.Callable;
import org.osprey.coordinator.ctl.api.Field;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.text.Cell;
import org.osprey.coordinator.ctl.view.CollectorTables;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** The configuration once more. */
@Command(name = "reload", description = "Has the configuration read again; restarts what differs.")
final class ReloadCollectors implements Callable<Exit> {
  private final Coordctl root;

  ReloadCollectors(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() {
    JsonNode reload = root.api().order(CollectorsCommand.PATH + "/reload");
    if (root.json()) {
      root.print(reload);
      return Exit.OK;
    }
    root.print(CollectorTables.reload(reload));
    for (JsonNode warning : Field.list(reload, "warnings")) {
      root.say("warning: " + Cell.clean(warning.asString("")));
    }
    return Exit.OK;
  }
}
