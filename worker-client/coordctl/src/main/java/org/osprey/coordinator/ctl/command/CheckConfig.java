package org.osprey.coordinator.ctl.command;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.osprey.coordinator.app.config.ConfigLoader;
import org.osprey.coordinator.app.config.LoadedConfig;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.settings.ConfigException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** Finds the mistakes before a coordinator does. */
@Command(
    name = "check",
    description =
        "Names all mistakes of a settings file, under the environment variables as they are here;"
            + " exit status 2 when there are any.")
final class CheckConfig implements Callable<Exit> {
  private final Coordctl root;

  @Parameters(paramLabel = "FILE", description = "YAML, as coordinator --config takes it.")
  private Path file = Path.of("");

  CheckConfig(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() {
    try {
      LoadedConfig config = ConfigLoader.load(file, root.console().environment());
      report(List.of(), config.warnings(), config.changes());
      return Exit.OK;
    } catch (ConfigException e) {
      report(e.mistakes(), List.of(), List.of());
      return Exit.USAGE;
    }
  }

  private void report(List<String> mistakes, List<String> warnings, List<String> changes) {
    if (root.json()) {
      ObjectNode report = Json.object().put("valid", mistakes.isEmpty());
      mistakes.forEach(report.putArray("mistakes")::add);
      warnings.forEach(report.putArray("warnings")::add);
      changes.forEach(report.putArray("changes")::add);
      root.print(report);
      return;
    }
    mistakes.forEach(mistake -> root.console().err().println("coordctl: " + mistake));
    warnings.forEach(warning -> root.console().err().println("warning: " + warning));
    if (mistakes.isEmpty()) {
      root.say(changes.isEmpty() ? "no mistakes, all as by default" : "no mistakes; changed:");
      changes.forEach(change -> root.say("  " + change));
    }
  }
}
