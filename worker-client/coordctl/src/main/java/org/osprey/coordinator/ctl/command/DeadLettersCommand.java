package org.osprey.coordinator.ctl.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What was given up. */
@Command(
    name = "dead-letters",
    description = "Lists, shows, replays and purges what was given up.",
    synopsisSubcommandLabel = "COMMAND")
final class DeadLettersCommand {

  private DeadLettersCommand() {}

  static CommandLine withSubcommands(Coordctl root) {
    return new CommandLine(new DeadLettersCommand())
        .addSubcommand(new ListLetters(root))
        .addSubcommand(new ShowLetter(root))
        .addSubcommand(new ReplayLetters(root))
        .addSubcommand(new PurgeLetters(root));
  }
}
