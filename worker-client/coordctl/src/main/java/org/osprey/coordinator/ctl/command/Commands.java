package org.osprey.coordinator.ctl.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import org.osprey.coordinator.ctl.console.Console;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.console.Failure;
import org.osprey.coordinator.ctl.text.Cell;
import org.osprey.coordinator.ctl.text.Style;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The list of commands. */
public final class Commands {
  private static final int WIDEST_HELP = 100;
  private static final int NARROWEST_HELP = 60;
  private static final int USUAL_WIDTH = 80;

  private final Console console;
  private final Coordctl root;
  private final CommandLine commandLine;

  public Commands(Console console) {
    this.console = console;
    root = new Coordctl(console);
    commandLine =
        new CommandLine(root)
            .addSubcommand(new SendCommand(root))
            .addSubcommand(new TopCommand(root))
            .addSubcommand(new HealthCommand(root))
            .addSubcommand(new QueueCommand(root))
            .addSubcommand(new WorkersCommand(root))
            .addSubcommand(new DisconnectCommand(root))
            .addSubcommand(new SourcesCommand(root))
            .addSubcommand(new SteerSources.Pause(root))
            .addSubcommand(new SteerSources.Resume(root))
            .addSubcommand(DeadLettersCommand.withSubcommands(root))
            .addSubcommand(TasksCommand.withSubcommands(root))
            .addSubcommand(StreamsCommand.withSubcommands(root))
            .addSubcommand(CollectorsCommand.withSubcommands(root))
            .addSubcommand(ReplicaSetsCommand.withSubcommands(root))
            .addSubcommand(new DrainCommand(root))
            .addSubcommand(new LoadCommand(root))
            .addSubcommand(ConfigCommand.withSubcommands(root))
            .addSubcommand(new CompletionCommand(root))
            // A payload may be in a @file; arguments are not.
            .setExpandAtFiles(false)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure))
            .setParameterExceptionHandler((mistake, words) -> mistaken(mistake))
            .setExecutionStrategy(this::execute)
            .setUsageHelpWidth(helpWidth());
  }

  public CommandLine commandLine() {
    return commandLine;
  }

  /**
   * @param words of the command line, without the program's name
   * @return the exit status
   */
  public int run(String... words) {
    return commandLine.execute(words);
  }

  private int execute(ParseResult parsed) {
    Help.Ansi ansi = root.style() == Style.COLOURED ? Help.Ansi.ON : Help.Ansi.OFF;
    commandLine.setColorScheme(Help.defaultColorScheme(ansi));
    commandLine.setOut(new PrintWriter(console.out(), true, UTF_8));
    int status = new CommandLine.RunLast().execute(parsed);
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    Object result = last.commandSpec().commandLine().getExecutionResult();
    return result instanceof Exit exit ? exit.status() : status;
  }

  private int failed(Exception failure) throws Exception {
    console.out().flush();
    if (failure instanceof Failure known) {
      console.err().println("coordctl: " + Cell.clean(known.line()));
      known.details().forEach(detail -> console.err().println("  " + Cell.clean(detail)));
      return known.exit().status();
    }
    if (failure instanceof IOException) {
      // Its text is often only the name of the file.
      String kind = failure.getClass().getSimpleName();
      console.err().println("coordctl: " + Cell.clean(kind + ": " + failure.getMessage()));
      return Exit.USAGE.status();
    }
    throw failure;
  }

  private int mistaken(ParameterException mistake) {
    CommandLine asked = mistake.getCommandLine();
    boolean noCommand =
        !asked.getSubcommands().isEmpty() && asked.getParseResult().originalArgs().isEmpty();
    if (noCommand) {
      asked.usage(console.err());
      return Exit.USAGE.status();
    }
    String command = asked.getCommandSpec().qualifiedName();
    console.err().println("coordctl: " + Cell.clean(String.valueOf(mistake.getMessage())));
    UnmatchedArgumentException.printSuggestions(
        mistake, new PrintWriter(console.err(), true, UTF_8));
    console.err().println("Try '" + command + " --help'.");
    return Exit.USAGE.status();
  }

  private int helpWidth() {
    int columns = console.terminal().size().columns();
    return columns == 0 ? USUAL_WIDTH : Math.clamp(columns, NARROWEST_HELP, WIDEST_HELP);
  }
}
