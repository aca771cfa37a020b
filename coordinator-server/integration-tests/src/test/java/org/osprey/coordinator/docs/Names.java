package org.osprey.coordinator.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osprey.coordinator.app.config.CoordinatorConfig;
import org.osprey.coordinator.settings.Environment;

/** What the parts of the project go by. */
final class Names {
  /** Beside those of the configuration: of the scripts, of coordctl, and of Osprey's workers. */
  private static final Set<String> OTHER_VARIABLES =
      Set.of(
          "BASE_IMAGE",
          "COORDINATOR_JAR",
          "JAVA_HOME",
          "JAVA_OPTS",
          "NO_COLOR",
          "NO_INSTALL",
          "OSPREY_COORDINATOR_CA_FILE",
          "OSPREY_COORDINATOR_TOKEN_FILE",
          "OSPREY_COORDINATOR_URL",
          "OSPREY_INPUT_STREAM_SOURCE",
          "PATH",
          "PORT",
          "PUBSUB_EMULATOR_JAR",
          "PYTHONPATH",
          "SAMPLE_SERVICES");

  private static final Pattern SERVICE = Pattern.compile("[A-Z0-9_]+_SERVICE_URL");
  private static final Pattern SETTING = Pattern.compile("(?m)^\\| `([a-zA-Z.]+)` \\|");
  private static final Pattern METRIC = Pattern.compile("(?m)^\\| `([a-z_]+)(?:\\{|`)");

  private Names() {}

  static boolean isVariable(String name) {
    return configured().contains(name)
        || OTHER_VARIABLES.contains(name)
        || SERVICE.matcher(name).matches();
  }

  /** The variables that the configuration reads. */
  static Set<String> configured() {
    return new Environment(CoordinatorConfig.class, Map.of()).paths().keySet();
  }

  /** As the page has them that is made from the configuration. */
  static Set<String> settings() {
    return named(SETTING, "docs/configuration.md");
  }

  /** Without their prefix, as the page has them that is held to a running coordinator. */
  static Set<String> metrics() {
    return named(METRIC, "docs/metrics.md");
  }

  private static Set<String> named(Pattern row, String page) {
    Set<String> names = new TreeSet<>();
    try {
      Path file = Document.ROOT.resolve(page);
      Matcher found = row.matcher(Files.readString(file));
      while (found.find()) {
        names.add(found.group(1));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return names;
  }
}
