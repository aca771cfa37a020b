package org.osprey.coordinator.collectors.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collectors.config.OrchestratorConfig.LogLevel;
import org.osprey.coordinator.collectors.flow.FlowSettings;
import org.osprey.coordinator.settings.Description;
import org.osprey.coordinator.settings.KeyStyle;
import org.osprey.coordinator.settings.Names;
import org.osprey.coordinator.settings.Origin;
import org.osprey.coordinator.settings.RecordSettings;
import org.osprey.coordinator.settings.Setting;
import org.osprey.coordinator.settings.Setting.Section;

/** The sections {@code orchestrator} and {@code collectors} of a file, without a mistake. */
public final class CollectorsConfig {
  /** Enough to tell apart what one installation ever runs. */
  private static final int HASH_BYTES = 8;

  private final Sections sections;
  private final Map<String, CollectorConfig> collectors;
  private final Kinds kinds;
  private final List<String> warnings;
  private final Section written;

  /** Both sections with all that they could say, as they are printed. */
  record Sections(OrchestratorConfig orchestrator, Map<String, CollectorSection> collectors) {}

  /**
   * @param written what the sections were made of
   */
  CollectorsConfig(
      Sections sections,
      Map<String, CollectorConfig> collectors,
      Kinds kinds,
      List<String> warnings,
      Section written) {
    this.sections = sections;
    this.collectors = Collections.unmodifiableMap(new LinkedHashMap<>(collectors));
    this.kinds = kinds;
    this.warnings = List.copyOf(warnings);
    this.written = written;
  }

  public OrchestratorConfig orchestrator() {
    return sections.orchestrator;
  }

  /** By name, in the order of the file. */
  public Map<String, CollectorConfig> collectors() {
    return collectors;
  }

  /** For when the file is read again: jars are loaded once. */
  public Kinds kinds() {
    return kinds;
  }

  /** What looks like a mistake and is none for certain, one line each. */
  public List<String> warnings() {
    return warnings;
  }

  /** What somebody set; null for nothing. */
  public @Nullable LogLevel logLevel() {
    Origin origin = written.originOf(List.of(CollectorsReader.ORCHESTRATOR, "log_level"));
    return origin.equals(Origin.BUILT_IN) ? null : orchestrator().logLevel();
  }

  public FlowSettings flow() {
    OrchestratorConfig shared = orchestrator();
    return new FlowSettings(
        shared.workers(),
        shared.bufferSize(),
        shared.bufferBytes().bytes(),
        shared.spillMaxBytes().bytes(),
        shared.drainTimeout(),
        shared.routes().stream().map(RouteConfig::route).toList(),
        shared.nats().subject());
  }

  /** As YAML, secrets masked; what is not the default says where it was set. */
  public String describe() {
    return new Description(written, KeyStyle.SNAKE_CASE).of(sections);
  }

  /** The settings that are not the default, one line each with its place, secrets masked. */
  public List<String> changes() {
    return new Description(written, KeyStyle.SNAKE_CASE).changes(sections);
  }

  /** Settings of {@code orchestrator} that another configuration has otherwise. */
  public List<String> orchestratorChanges(CollectorsConfig other) {
    Map<String, String> others = other.orchestratorValues();
    return orchestratorValues().entrySet().stream()
        .filter(mine -> !mine.getValue().equals(others.get(mine.getKey())))
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * Of what runs with the shared settings of this one and the collectors of another.
   *
   * @return the same for equal settings, in every process
   */
  public String hash(CollectorsConfig running) {
    Sections both = new Sections(orchestrator(), running.sections.collectors);
    String text = RecordSettings.of(both, KeyStyle.SNAKE_CASE).toString();
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private Map<String, String> orchestratorValues() {
    Map<String, String> values = new TreeMap<>();
    collect(
        CollectorsReader.ORCHESTRATOR,
        RecordSettings.of(orchestrator(), KeyStyle.SNAKE_CASE),
        values);
    return values;
  }

  private static void collect(String path, Setting setting, Map<String, String> values) {
    if (setting instanceof Section section) {
      section.entries().forEach((key, value) -> collect(Names.child(path, key), value, values));
    } else {
      values.put(path, setting.toString());
    }
  }
}
