package org.osprey.coordinator.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.app.config.ConfigLoader;
import org.osprey.coordinator.docs.Document.Block;
import org.osprey.coordinator.settings.ConfigException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Each block of code in a document is what its language and its reader take. */
class BlocksTest {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z0-9_]+)");

  @TempDir private Path folder;

  /** Pictures and printed lines have no language; everything else has one of these. */
  @Test
  void everyBlockIsRead() throws Exception {
    Map<String, Integer> counts = new TreeMap<>();
    List<String> bad = new ArrayList<>();
    Map<String, Examples> sources =
        Map.of(
            "java", new Examples(".java"),
            "python", new Examples(".py"),
            "go", new Examples(".go"));
    for (Document document : Document.all()) {
      for (Block block : document.blocks()) {
        counts.merge(block.language().isEmpty() ? "plain" : block.language(), 1, Integer::sum);
        String problem =
            switch (block.language()) {
              case "yaml" -> yaml(block.piece().text());
              case "json" -> json(block.piece().text());
              case "bash" -> bash(block.piece().text());
              case "java", "python", "go" ->
                  shown(sources.get(block.language()), block.piece().text());
              case "" -> "";
              default -> "no reader is known for this language";
            };
        if (!problem.isEmpty()) {
          bad.add(block.piece().place() + " (" + block.language() + "): " + problem);
        }
      }
    }
    assertEquals(List.of(), bad);
    assertTrue(counts.getOrDefault("yaml", 0) >= 10, counts::toString);
    System.out.println("blocks=" + counts);
  }

  @Test
  void badOnesAreFound() throws IOException {
    assertEquals("", yaml("kafka: {topic: some}\n"));
    assertTrue(yaml("kafka: {topik: some}\n").contains("topic?"), yaml("kafka: {topik: some}\n"));
    assertTrue(yaml("kafka: [\n").contains("line"), yaml("kafka: [\n"));
    assertEquals("", yaml("orchestrator: {nats: {url: \"${NATS_URL}\"}}\ncollectors:\n"));
    assertEquals("wants name in metadata", yaml("apiVersion: v1\nkind: Pod\nmetadata: {}\n"));
    assertEquals("", yaml("groups: [{name: a, rules: [{alert: A, expr: up == 0}]}]\n"));
    assertEquals("wants alert and expr in a rule", yaml("groups: [{name: a, rules: [{}]}]\n"));
    assertThrows(JacksonException.class, () -> JsonMapper.shared().readTree("{"));
  }

  private static String shown(@Nullable Examples sources, String lines) {
    return sources != null && sources.have(lines)
        ? ""
        : "no source that is compiled or run by the tests has these lines";
  }

  private static String json(String text) {
    try {
      JsonNode unused = JsonMapper.shared().readTree(text);
      return "";
    } catch (JacksonException e) {
      return e.getOriginalMessage();
    }
  }

  private static String bash(String text) throws IOException, InterruptedException {
    // Names in angle brackets are for the reader to fill in.
    String filled = text.replaceAll("<([a-z_]+)>", "$1");
    Process bash = new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
    try (BufferedWriter to = bash.outputWriter()) {
      to.write(filled);
    }
    String said = new String(bash.getInputStream().readAllBytes(), UTF_8);
    assertTrue(bash.waitFor(60, TimeUnit.SECONDS));
    return bash.exitValue() == 0 ? "" : said;
  }

  /** What is nobody else's is the coordinator's own configuration, or a mistake. */
  private String yaml(String text) throws IOException {
    JsonNode root;
    try {
      root = new YAMLMapper().readTree(text);
    } catch (JacksonException e) {
      return e.getOriginalMessage() + " line " + e.getLocation().getLineNr();
    }
    Set<String> keys = new TreeSet<>(root.propertyNames());
    if (keys.containsAll(Set.of("apiVersion", "kind"))) {
      return root.at("/metadata/name").asString("").isEmpty() ? "wants name in metadata" : "";
    }
    if (keys.equals(Set.of("apiVersion", "providers"))) {
      return root.at("/providers/0/options/path").isMissingNode() ? "wants a path" : "";
    }
    if (keys.contains("scrape_configs")) {
      return root.at("/scrape_configs/0/static_configs/0/targets/0").isMissingNode()
          ? "wants a target"
          : "";
    }
    if (keys.equals(Set.of("rule_files"))) {
      return root.at("/rule_files/0").asString("").isEmpty() ? "wants a file" : "";
    }
    if (keys.equals(Set.of("groups"))) {
      return rules(root);
    }
    if (keys.contains("services")) {
      return services(root);
    }
    return configuration(text);
  }

  private static String rules(JsonNode root) {
    for (JsonNode group : root.get("groups")) {
      for (JsonNode rule : group.path("rules")) {
        if (!rule.has("alert") || !rule.has("expr")) {
          return "wants alert and expr in a rule";
        }
      }
    }
    return "";
  }

  /** Of compose; variables that are the coordinator's must be known to it. */
  private static String services(JsonNode root) {
    for (JsonNode service : root.get("services")) {
      for (JsonNode variable : service.path("environment")) {
        String name = variable.asString("").replaceFirst("=.*", "");
        if (!Names.isVariable(name)) {
          return "nobody knows the variable " + name;
        }
      }
    }
    return "";
  }

  private String configuration(String text) throws IOException {
    Map<String, String> environment = new TreeMap<>();
    Matcher variable = VARIABLE.matcher(text);
    while (variable.find()) {
      environment.put(variable.group(1), "some.host:1");
    }
    String plugins = text.contains("disk-space:") ? plugins() : "";
    Path file = Files.writeString(folder.resolve("shown.yaml"), text + plugins);
    try {
      ConfigLoader.load(file, environment);
      return "";
    } catch (ConfigException e) {
      return e.mistakes().toString();
    }
  }

  /** Has the kind of the example, as who follows its page has it. */
  private String plugins() throws IOException {
    Path plugins = Files.createDirectories(folder.resolve("plugins"));
    ExamplePlugin.make(plugins);
    return "orchestrator: {plugins: \"%s\"}\n".formatted(plugins);
  }
}
