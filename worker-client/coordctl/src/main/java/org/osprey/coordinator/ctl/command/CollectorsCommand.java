package org.osprey.coordinator.ctl.command;

import org.osprey.coordinator.ctl.api.Api;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Configured sources of events. */
@Command(
    name = "collectors",
    description = "Lists, shows and steers collectors, and has their configuration read again.",
    synopsisSubcommandLabel = "COMMAND")
final class CollectorsCommand {
  static final String PATH = "/api/collectors";

  private CollectorsCommand() {}

  static CommandLine withSubcommands(Coordctl root) {
    return new CommandLine(new CollectorsCommand())
        .addSubcommand(new ListCollectors(root))
        .addSubcommand(new ShowCollector(root))
        .addSubcommand(new SteerCollectors.Enable(root))
        .addSubcommand(new SteerCollectors.Disable(root))
        .addSubcommand(new SteerCollectors.Restart(root))
        .addSubcommand(new ReloadCollectors(root));
  }

  static String path(String name) {
    return PATH + "/" + Api.segment(name);
  }
}
