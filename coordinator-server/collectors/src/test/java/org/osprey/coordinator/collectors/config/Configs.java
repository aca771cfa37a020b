package org.osprey.coordinator.collectors.config;

import java.util.List;
import java.util.Map;
import org.osprey.coordinator.settings.ConfigException;
import org.osprey.coordinator.settings.Expansion;
import org.osprey.coordinator.settings.Mistakes;
import org.osprey.coordinator.settings.Origin;
import org.osprey.coordinator.settings.Setting;
import org.osprey.coordinator.settings.Setting.Blank;
import org.osprey.coordinator.settings.Setting.Section;
import org.osprey.coordinator.settings.YamlReader;

/** Configurations of collectors from texts. */
public final class Configs {

  private Configs() {}

  public static CollectorsConfig read(String yaml, Kinds kinds) {
    return read(yaml, kinds, Map.of());
  }

  public static CollectorsConfig read(String yaml, Kinds kinds, Map<String, String> environment) {
    Mistakes mistakes = new Mistakes();
    Section file = YamlReader.read("test.yaml", yaml, mistakes);
    Expansion expansion = new Expansion(environment, Expansion.Dollar.ESCAPE, mistakes);
    Section expanded = expansion.expand(file);
    CollectorsConfig config =
        CollectorsReader.read(
            section(expanded, CollectorsReader.ORCHESTRATOR),
            section(expanded, CollectorsReader.COLLECTORS),
            folder -> kinds,
            mistakes);
    mistakes.check();
    return config;
  }

  static List<String> mistakes(String yaml, Kinds kinds) {
    try {
      read(yaml, kinds);
      return List.of();
    } catch (ConfigException e) {
      return e.mistakes();
    }
  }

  private static Setting section(Section file, String key) {
    return file.entries().getOrDefault(key, new Blank(Origin.BUILT_IN));
  }
}
