package org.osprey.coordinator.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.settings.Environment;

/** The default YAML, the records and the variables say the same. */
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
}
