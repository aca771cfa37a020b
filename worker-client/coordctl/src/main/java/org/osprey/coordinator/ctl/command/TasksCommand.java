package org.osprey.coordinator.ctl.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Requests that are split into calls to services. */
@Command(
    name = "tasks",
    description = "Lists, shows, retries and cancels tasks.",
    synopsisSubcommandLabel = "COMMAND")
final class TasksCommand {

  private TasksCommand() {}

  static CommandLine withSubcommands(Coordctl root) {
    return new CommandLine(new TasksCommand())
        .addSubcommand(new ListTasks(root))
        .addSubcommand(new ShowTask(root))
        .addSubcommand(new RetryTasks(root))
        .addSubcommand(new CancelTasks(root));
  }
}
