package org.osprey.coordinator.ctl.command;

import java.util.concurrent.Callable;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.view.StreamTables;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** One stream. */
@Command(name = "show", description = "Shows one stream with its scenes; nobody watches by that.")
final class ShowStream implements Callable<Exit> {
  private final Coordctl root;

  @Parameters(paramLabel = "ID", description = "As list prints it.")
  private String id = "";

  ShowStream(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() {
    JsonNode stream = root.api().get(StreamsCommand.path(id));
    if (root.json()) {
      root.print(stream);
      return Exit.OK;
    }
    root.print(StreamTables.details(stream));
    root.say("");
    root.print(StreamTables.scenes(stream));
    return Exit.OK;
  }
}
