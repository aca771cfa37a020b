package org.osprey.coordinator.app.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collectors.config.CollectorsConfig;
import org.osprey.coordinator.settings.Description;
import org.osprey.coordinator.settings.Setting.Section;

/** A config that holds, and how it came to be. */
public final class LoadedConfig {
  private final CoordinatorConfig config;
  private final List<String> warnings;
  private final Section settings;
  private final @Nullable CollectorsConfig collectors;

  LoadedConfig(
      CoordinatorConfig config,
      List<String> warnings,
      Section settings,
      @Nullable CollectorsConfig collectors) {
    this.config = config;
    List<String> all = new ArrayList<>(warnings);
    if (collectors != null) {
      all.addAll(collectors.warnings());
    }
    this.warnings = List.copyOf(all);
    this.settings = settings;
    this.collectors = collectors;
  }

  public CoordinatorConfig config() {
    return config;
  }

  /** Null when the file has neither of the sections of collectors. */
  public @Nullable CollectorsConfig collectors() {
    return collectors;
  }

  /** What looks like a mistake and is none for certain, one line each. */
  public List<String> warnings() {
    return warnings;
  }

  /**
   * The effective configuration as YAML, secrets masked; what is not the default says where it was
   * set.
   */
  public String describe() {
    String coordinator = new Description(settings).of(config);
    return collectors == null ? coordinator : coordinator + collectors.describe();
  }

  /** The settings that are not the default, one line each with its place, secrets masked. */
  public List<String> changes() {
    List<String> changes = new ArrayList<>(new Description(settings).changes(config));
    if (collectors != null) {
      changes.addAll(collectors.changes());
    }
    return changes;
  }
}
