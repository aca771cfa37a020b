package org.osprey.coordinator.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collectors.config.CollectorsConfig;
import org.osprey.coordinator.collectors.config.CollectorsReader;
import org.osprey.coordinator.collectors.config.Kinds;
import org.osprey.coordinator.settings.Binder;
import org.osprey.coordinator.settings.ConfigException;
import org.osprey.coordinator.settings.Environment;
import org.osprey.coordinator.settings.Expansion;
import org.osprey.coordinator.settings.Expansion.Dollar;
import org.osprey.coordinator.settings.Mistakes;
import org.osprey.coordinator.settings.NamedSections;
import org.osprey.coordinator.settings.Origin;
import org.osprey.coordinator.settings.Setting;
import org.osprey.coordinator.settings.Setting.Blank;
import org.osprey.coordinator.settings.Setting.Section;
import org.osprey.coordinator.settings.UnknownKeys;
import org.osprey.coordinator.settings.YamlReader;

/**
 * Lays the environment over the operator's file over the defaults, and makes one config of it. The
 * sections of collectors in the file are read apart.
 */
public final class ConfigLoader {
  private static final String DEFAULTS = "coordinator-default.yaml";

  private static final List<String> COLLECTORS =
      List.of(CollectorsReader.ORCHESTRATOR, CollectorsReader.COLLECTORS);

  private static final Setting NONE = new Blank(Origin.BUILT_IN);

  private ConfigLoader() {}

  /**
   * Without a file.
   *
   * @throws ConfigException with all mistakes
   */
  public static LoadedConfig load(Map<String, String> environment) {
    Mistakes mistakes = new Mistakes();
    Bound bound = bind(Section.EMPTY, environment, mistakes);
    mistakes.check();
    return bound.loaded(null);
  }

  /**
   * @param file YAML in UTF-8
   * @throws ConfigException with all mistakes, an unreadable file included
   */
  public static LoadedConfig load(Path file, Map<String, String> environment) {
    Mistakes mistakes = new Mistakes();
    Section written = read(file, mistakes);
    Bound bound =
        bind(
            new Expansion(environment, Dollar.TEXT, mistakes).expand(without(written)),
            environment,
            mistakes);
    CollectorsConfig collectors =
        COLLECTORS.stream().anyMatch(written.entries()::containsKey)
            ? collectors(written, Kinds::load, environment, mistakes)
            : null;
    mistakes.check();
    return bound.loaded(collectors);
  }

  /**
   * What a file says of collectors now; when it says nothing any more, there are none.
   *
   * @param kinds found when the coordinator started
   * @throws ConfigException with all mistakes of the whole file
   */
  public static CollectorsConfig reload(Path file, Map<String, String> environment, Kinds kinds) {
    Mistakes mistakes = new Mistakes();
    Section written = read(file, mistakes);
    bind(
        new Expansion(environment, Dollar.TEXT, mistakes).expand(without(written)),
        environment,
        mistakes);
    CollectorsConfig collectors = collectors(written, folder -> kinds, environment, mistakes);
    mistakes.check();
    return collectors;
  }

  private static Section read(Path file, Mistakes mistakes) {
    String name = Objects.toString(file.getFileName(), "");
    return YamlReader.read(name, text(file, mistakes), mistakes);
  }

  private static CollectorsConfig collectors(
      Section written,
      Function<Path, Kinds> kinds,
      Map<String, String> environment,
      Mistakes mistakes) {
    Expansion expansion = new Expansion(environment, Dollar.ESCAPE, mistakes);
    List<Setting> sections =
        COLLECTORS.stream()
            .map(key -> expansion.expand(key, written.entries().getOrDefault(key, NONE)))
            .toList();
    return CollectorsReader.read(sections.getFirst(), sections.getLast(), kinds, mistakes);
  }

  private static Section without(Section written) {
    Map<String, Setting> rest = new LinkedHashMap<>(written.entries());
    COLLECTORS.forEach(rest::remove);
    return new Section(rest, written.origin());
  }

  /** What is left to know before a config is loaded. */
  private record Bound(CoordinatorConfig config, List<String> warnings, Section settings) {
    LoadedConfig loaded(@Nullable CollectorsConfig collectors) {
      return new LoadedConfig(config, warnings, settings, collectors);
    }
  }

  private static Bound bind(Section file, Map<String, String> environment, Mistakes mistakes) {
    NamedSections named = new NamedSections(CoordinatorConfig.class);
    Section defaults = named.spelledOut(defaults());
    Environment variables = new Environment(CoordinatorConfig.class, environment);
    Section layered = defaults.under(named.spelledOut(file));
    Section settings = named.completed(named.over(variables.over(layered, mistakes), environment));
    CoordinatorConfig config =
        new Binder(named.completed(defaults), named, unknown(defaults, mistakes), mistakes)
            .bind(CoordinatorConfig.class, settings);
    return new Bound(config, variables.warnings(), settings);
  }

  /** The sections of collectors are keys too. */
  private static UnknownKeys unknown(Section defaults, Mistakes mistakes) {
    Map<String, Setting> keys = new LinkedHashMap<>(defaults.entries());
    COLLECTORS.forEach(key -> keys.put(key, NONE));
    return new UnknownKeys("", new Section(keys, Origin.BUILT_IN), mistakes);
  }

  private static Section defaults() {
    Mistakes mistakes = new Mistakes();
    Section defaults = YamlReader.read(DEFAULTS, resource(), mistakes).builtIn();
    mistakes.check();
    return defaults;
  }

  private static String resource() {
    try (InputStream in = ConfigLoader.class.getResourceAsStream("/" + DEFAULTS)) {
      return new String(Objects.requireNonNull(in, DEFAULTS).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file, Mistakes mistakes) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      mistakes.add("--config %s: there is no such file".formatted(file));
    } catch (IOException e) {
      mistakes.add("--config %s: can't be read as UTF-8 text: %s".formatted(file, e));
    }
    return "";
  }
}
