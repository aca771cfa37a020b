package org.osprey.coordinator.collectors.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.osprey.coordinator.collectors.config.CollectorsConfig.Sections;
import org.osprey.coordinator.settings.Binder;
import org.osprey.coordinator.settings.KeyStyle;
import org.osprey.coordinator.settings.Mistakes;
import org.osprey.coordinator.settings.NamedSections;
import org.osprey.coordinator.settings.Names;
import org.osprey.coordinator.settings.Origin;
import org.osprey.coordinator.settings.RecordSettings;
import org.osprey.coordinator.settings.Setting;
import org.osprey.coordinator.settings.Setting.Blank;
import org.osprey.coordinator.settings.Setting.Section;
import org.osprey.coordinator.settings.UnknownKeys;

/**
 * Makes a {@link CollectorsConfig} of two sections of a file. Every mistake is noted with its line;
 * what comes out where there was one is of no use.
 */
public final class CollectorsReader {
  public static final String ORCHESTRATOR = "orchestrator";
  public static final String COLLECTORS = "collectors";

  /** In subjects, ids and metrics. */
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9_-]{0,62}";

  private final Mistakes mistakes;
  private final List<String> warnings = new ArrayList<>();
  private final Map<String, CollectorConfig> collectors = new LinkedHashMap<>();
  private final Map<String, CollectorSection> sections = new LinkedHashMap<>();
  private final Map<String, Setting> written = new LinkedHashMap<>();

  private CollectorsReader(Mistakes mistakes) {
    this.mistakes = mistakes;
  }

  /**
   * @param orchestrator that section, variables expanded; {@link Blank} when there is none
   * @param collectors likewise
   * @param kinds of a folder of plugins
   */
  public static CollectorsConfig read(
      Setting orchestrator, Setting collectors, Function<Path, Kinds> kinds, Mistakes mistakes) {
    return new CollectorsReader(mistakes).read(orchestrator, collectors, kinds);
  }

  private CollectorsConfig read(
      Setting orchestrator, Setting collectorsSetting, Function<Path, Kinds> kindsOf) {
    Section defaults = RecordSettings.of(OrchestratorConfig.DEFAULTS, KeyStyle.SNAKE_CASE);
    Section layered = defaults.under(section(ORCHESTRATOR, orchestrator));
    OrchestratorConfig shared =
        new Binder(
                ORCHESTRATOR,
                KeyStyle.SNAKE_CASE,
                defaults,
                new NamedSections(OrchestratorConfig.class),
                new UnknownKeys(ORCHESTRATOR, defaults, mistakes),
                mistakes)
            .items(RouteConfig.class, RecordSettings.of(RouteConfig.DEFAULTS, KeyStyle.SNAKE_CASE))
            .bind(OrchestratorConfig.class, layered);
    new LoginCheck(mistakes, warnings).check(shared, layered);
    Kinds kinds = kindsOf.apply(Path.of(shared.plugins()));
    warnings.addAll(kinds.warnings());
    CollectorReader reader = new CollectorReader(kinds, mistakes, warnings);
    section(COLLECTORS, collectorsSetting)
        .entries()
        .forEach((name, setting) -> collector(name, setting, reader));
    new RouteCheck(mistakes, warnings).check(layered, collectors.keySet());
    if (collectors.values().stream().noneMatch(CollectorConfig::enabled)) {
      warnings.add("collectors: none is enabled");
    }
    Section all =
        new Section(
            Map.of(ORCHESTRATOR, layered, COLLECTORS, new Section(written, Origin.BUILT_IN)),
            Origin.BUILT_IN);
    return new CollectorsConfig(new Sections(shared, sections), collectors, kinds, warnings, all);
  }

  private void collector(String name, Setting setting, CollectorReader reader) {
    String path = Names.child(COLLECTORS, name);
    if (!name.matches(NAME)) {
      mistakes.at(
          path,
          setting.origin(),
          "cannot be the name of a collector, want up to 63 letters, digits, hyphens and"
              + " underscores, first a letter or a digit");
      return;
    }
    CollectorReader.Read read = reader.read(name, section(path, setting));
    collectors.put(name, read.config());
    sections.put(name, read.section());
    written.put(name, read.written());
  }

  private Section section(String path, Setting setting) {
    if (setting instanceof Section section) {
      return section;
    }
    if (!(setting instanceof Blank)) {
      mistakes.at(path, setting.origin(), "got " + setting.kind() + ", want a section");
    }
    return new Section(Map.of(), setting.origin());
  }
}
