package org.osprey.coordinator.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard that ships, and the metrics that its expressions name. */
final class Dashboard {
  private static final Path FILE = Path.of("../../docker/grafana/osprey-coordinator.json");

  /** Of PromQL, as far as the dashboard uses it; anything else that looks like a name is one. */
  private static final Set<String> WORDS =
      Set.of("by", "histogram_quantile", "increase", "max", "min", "rate", "sum");

  private static final Pattern NO_NAMES =
      Pattern.compile("\\{[^}]*}|\\[[^]]*]|\\bby \\([^)]*\\)|\\b[0-9.]+\\b");
  private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");

  private final JsonNode root;

  private Dashboard(JsonNode root) {
    this.root = root;
  }

  static Dashboard read() throws IOException {
    return new Dashboard(JsonMapper.shared().readTree(Files.readString(FILE)));
  }

  List<String> expressions() {
    List<String> all = new ArrayList<>();
    for (JsonNode panel : root.get("panels")) {
      for (JsonNode target : panel.path("targets")) {
        all.add(target.get("expr").asString());
      }
    }
    for (JsonNode variable : root.get("templating").get("list")) {
      Matcher values =
          Pattern.compile("label_values\\(([^,]+),")
              .matcher(variable.path("query").path("query").asString(""));
      if (values.find()) {
        all.add(values.group(1));
      }
    }
    return all;
  }

  static Set<String> metrics(String expression) {
    Set<String> names = new TreeSet<>();
    Matcher name = NAME.matcher(NO_NAMES.matcher(expression).replaceAll(" "));
    while (name.find()) {
      if (!WORDS.contains(name.group())) {
        names.add(name.group());
      }
    }
    return names;
  }
}
