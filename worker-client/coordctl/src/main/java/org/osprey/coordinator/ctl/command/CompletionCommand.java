package org.osprey.coordinator.ctl.command;

import java.util.concurrent.Callable;
import org.osprey.coordinator.ctl.console.Exit;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Completion in the shell. */
@Command(
    name = "completion",
    description = "Prints a script for bash and zsh: source <(coordctl completion).")
final class CompletionCommand implements Callable<Exit> {
  private final Coordctl root;

  @Spec
  @SuppressWarnings("NullAway.Init") // set before the call
  private CommandSpec spec;

  CompletionCommand(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() {
    root.console().out().print(AutoComplete.bash("coordctl", spec.root().commandLine()));
    return Exit.OK;
  }
}
