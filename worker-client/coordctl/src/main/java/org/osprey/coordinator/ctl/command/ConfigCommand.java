package org.osprey.coordinator.ctl.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Settings files of coordinators. */
@Command(
    name = "config",
    description = "Checks and prints the settings of a coordinator; asks none.",
    synopsisSubcommandLabel = "COMMAND")
final class ConfigCommand {

  private ConfigCommand() {}

  static CommandLine withSubcommands(Coordctl root) {
    return new CommandLine(new ConfigCommand())
        .addSubcommand(new CheckConfig(root))
        .addSubcommand(new PrintConfig(root));
  }
}
