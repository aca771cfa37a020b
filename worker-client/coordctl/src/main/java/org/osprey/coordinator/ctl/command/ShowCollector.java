package org.osprey.coordinator.ctl.command;

import java.util.concurrent.Callable;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.view.CollectorTables;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** One collector. */
@Command(name = "show", description = "Shows one collector with its ledger.")
final class ShowCollector implements Callable<Exit> {
  private final Coordctl root;

  @Parameters(paramLabel = "NAME", description = "As list prints it.")
  private String name = "";

  ShowCollector(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() {
    JsonNode collector = root.api().get(CollectorsCommand.path(name));
    if (root.json()) {
      root.print(collector);
    } else {
      root.print(CollectorTables.details(collector));
    }
    return Exit.OK;
  }
}
