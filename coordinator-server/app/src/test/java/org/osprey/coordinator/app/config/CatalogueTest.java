package org.osprey.coordinator.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.settings.Environment;

/** The default YAML, the records, the variables and the README's table say the same. */
class CatalogueTest {

  @Test
  void everyComponentIsInTheCatalogueAndNothingElse() {
    Set<String> components = new TreeSet<>(Components.of(CoordinatorConfig.class).keySet());
    Set<String> keys =
        Catalogue.read().stream()
            .map(Catalogue.Key::path)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(components, keys);
  }

  @Test
  void everyKeyHasOneCommentThatNamesItsVariable() {
    Map<String, List<String>> variables =
        new Environment(CoordinatorConfig.class, Map.of()).paths();
    Map<String, String> byPath =
        variables.entrySet().stream()
            .collect(Collectors.toMap(e -> String.join(".", e.getValue()), Map.Entry::getKey));
    for (Catalogue.Key key : Catalogue.read()) {
      assertTrue(key.meaning().endsWith("."), key::toString);
      assertEquals(byPath.getOrDefault(key.path(), ""), key.variable(), key::toString);
    }
  }

  @Test
  void everyDurationAndSizeSaysSo() {
    Map<String, Class<?>> components = Components.of(CoordinatorConfig.class);
    for (Catalogue.Key key : Catalogue.read()) {
      String type = String.valueOf(components.get(key.path()));
      if (type.endsWith("Duration")) {
        assertTrue(key.meaning().contains("duration"), key::toString);
      }
      if (type.endsWith("ByteSize")) {
        assertTrue(key.meaning().contains("size"), key::toString);
      }
    }
  }

  @Test
  void theReadmeHasTheTable() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    assertTrue(readme.contains(table()), () -> "README.md should contain\n" + table());
  }

  @Test
  void theExampleOfTheReadmeLoads() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    String example = readme.split("```yaml\n", -1)[1].split("```", -1)[0];
    CoordinatorConfig config = ConfigFiles.load(example, Map.of("KAFKA_JAAS", "a")).config();
    assertEquals("localhost:9092", config.kafka().bootstrapServers());
    assertEquals("a", config.kafka().properties().get("sasl.jaas.config"));
  }

  private static String table() {
    List<String> rows = new ArrayList<>();
    rows.add("| setting | variable | default | meaning |");
    rows.add("|---|---|---|---|");
    for (Catalogue.Key key : Catalogue.read()) {
      String variable = key.variable().isEmpty() ? "" : "`" + key.variable() + "`";
      rows.add(
          "| `%s` | %s | `%s` | %s |"
              .formatted(key.path(), variable, key.standard(), key.meaning()));
    }
    return String.join("\n", rows) + "\n";
  }
}
