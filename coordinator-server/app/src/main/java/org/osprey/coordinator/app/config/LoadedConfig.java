package org.osprey.coordinator.app.config;

import java.util.List;
import org.osprey.coordinator.app.config.Setting.Section;

/** A config that holds, and how it came to be. */
public final class LoadedConfig {
  private final CoordinatorConfig config;
  private final List<String> warnings;
  private final Section settings;

  LoadedConfig(CoordinatorConfig config, List<String> warnings, Section settings) {
    this.config = config;
    this.warnings = List.copyOf(warnings);
    this.settings = settings;
  }

  public CoordinatorConfig config() {
    return config;
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
    return new Description(settings).of(config);
  }

  /** The settings that are not the default, one line each with its place, secrets masked. */
  public List<String> changes() {
    return new Description(settings).changes(config);
  }
}
