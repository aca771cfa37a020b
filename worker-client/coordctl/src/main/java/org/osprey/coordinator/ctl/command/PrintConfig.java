package org.osprey.coordinator.ctl.command;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.app.config.ConfigLoader;
import org.osprey.coordinator.app.config.LoadedConfig;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.settings.ConfigException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What a coordinator would run with. */
@Command(
    name = "print",
    description =
        "Prints the effective settings, secrets masked: of a file, or of the defaults, under the"
            + " environment variables as they are here.")
final class PrintConfig implements Callable<Exit> {
  private final Coordctl root;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "YAML, as coordinator --config takes it.")
  private @Nullable Path file;

  PrintConfig(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() {
    Map<String, String> environment = root.console().environment();
    try {
      LoadedConfig config =
          file == null ? ConfigLoader.load(environment) : ConfigLoader.load(file, environment);
      print(config.describe());
      return Exit.OK;
    } catch (ConfigException e) {
      e.mistakes().forEach(mistake -> root.console().err().println("coordctl: " + mistake));
      return Exit.USAGE;
    }
  }

  private void print(String yaml) {
    if (root.json()) {
      root.print(new YAMLMapper().readTree(yaml));
    } else {
      root.console().out().print(yaml);
    }
  }
}
