package org.osprey.coordinator.app.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads docker-compose.yaml, with the defaults for variables that nobody sets. */
final class Compose {
  static final Path ROOT = Path.of("../..");

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)(:-([^}]*))?}");

  private Compose() {}

  /** One entry of {@code services}. */
  record Service(String name, JsonNode node) {

    /** What it waits for, each with the condition. */
    Map<String, String> dependencies() {
      Map<String, String> conditions = new LinkedHashMap<>();
      node.path("depends_on")
          .forEachEntry(
              (other, how) -> conditions.put(other, how.path("condition").asString("none")));
      return conditions;
    }

    Map<String, String> environment() {
      Map<String, String> values = new LinkedHashMap<>();
      node.path("environment").forEachEntry((name, value) -> values.put(name, value.asString()));
      return values;
    }

    /** Texts of a list. */
    List<String> all(String key) {
      return node.path(key).valueStream().map(JsonNode::asString).toList();
    }

    String text(String key) {
      return node.path(key).asString("");
    }

    boolean isBuilt() {
      return node.has("build");
    }

    String buildTarget() {
      return node.at("/build/target").asString("");
    }
  }

  static Map<String, Service> services() {
    Map<String, Service> services = new LinkedHashMap<>();
    JsonNode tree = yaml(expand(text(ROOT.resolve("docker-compose.yaml"))));
    tree.path("services").forEachEntry((name, node) -> services.put(name, new Service(name, node)));
    return services;
  }

  static JsonNode yaml(String text) {
    return new YAMLMapper().readTree(text);
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The variables of the text, each with its defaults; "none" for a use without. */
  static Map<String, List<String>> variables() {
    Map<String, List<String>> found = new LinkedHashMap<>();
    Matcher matcher = VARIABLE.matcher(text(ROOT.resolve("docker-compose.yaml")));
    while (matcher.find()) {
      found
          .computeIfAbsent(matcher.group(1), name -> new ArrayList<>())
          .add(matcher.group(2) == null ? "none" : matcher.group(3));
    }
    return found;
  }

  private static String expand(String text) {
    return VARIABLE.matcher(text).replaceAll("$3");
  }
}
