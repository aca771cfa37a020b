package org.osprey.coordinator.app;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line.
 *
 * @param config null for the defaults
 * @param readyFile is written once both ports accept, with a line {@code worker_port=N} and a line
 *     {@code sync_port=N}; null for none
 * @param printConfig print the effective configuration and end
 */
record Arguments(
    @Nullable Path config, @Nullable Path readyFile, boolean printConfig, boolean help) {

  static final String USAGE =
      """
      usage: coordinator [--config FILE] [--print-config] [--ready-file FILE] [--help]

        --config FILE      settings in YAML, under the environment variables
        --print-config     print the effective configuration, secrets masked, and end
        --ready-file FILE  write the ports there once both accept
      """;

  /**
   * @throws IllegalArgumentException saying what is wrong
   */
  static Arguments parse(List<String> arguments) {
    Path config = null;
    Path readyFile = null;
    boolean printConfig = false;
    boolean help = false;
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String argument = rest.next();
      switch (argument) {
        case "--config" -> config = file(argument, rest);
        case "--ready-file" -> readyFile = file(argument, rest);
        case "--print-config" -> printConfig = true;
        case "--help", "-h" -> help = true;
        default -> throw new IllegalArgumentException("unknown argument: " + argument);
      }
    }
    return new Arguments(config, readyFile, printConfig, help);
  }

  private static Path file(String argument, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(argument + " needs a file");
    }
    return Path.of(rest.next());
  }
}
