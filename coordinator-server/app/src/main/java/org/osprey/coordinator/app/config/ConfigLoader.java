package org.osprey.coordinator.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.osprey.coordinator.app.config.Setting.Section;

/** Lays the environment over the operator's file over the defaults, and makes one config of it. */
public final class ConfigLoader {
  private static final String DEFAULTS = "coordinator-default.yaml";

  private ConfigLoader() {}

  /**
   * Without a file.
   *
   * @throws ConfigException with all mistakes
   */
  public static LoadedConfig load(Map<String, String> environment) {
    return layered(Section.EMPTY, environment, new Mistakes());
  }

  /**
   * @param file YAML in UTF-8
   * @throws ConfigException with all mistakes, an unreadable file included
   */
  public static LoadedConfig load(Path file, Map<String, String> environment) {
    Mistakes mistakes = new Mistakes();
    String name = Objects.toString(file.getFileName(), "");
    Section written = YamlReader.read(name, text(file, mistakes), mistakes);
    Section expanded = new Expansion(environment, mistakes).expand(written);
    return layered(expanded, environment, mistakes);
  }

  private static LoadedConfig layered(
      Section file, Map<String, String> environment, Mistakes mistakes) {
    NamedSections named = new NamedSections(CoordinatorConfig.class);
    Section defaults = named.spelledOut(defaults());
    Environment variables = new Environment(CoordinatorConfig.class, environment);
    Section layered = defaults.under(named.spelledOut(file));
    Section settings = named.completed(named.over(variables.over(layered, mistakes), environment));
    CoordinatorConfig config =
        new Binder(named.completed(defaults), named, mistakes)
            .bind(CoordinatorConfig.class, settings);
    mistakes.check();
    return new LoadedConfig(config, variables.warnings(), settings);
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
