package org.osprey.coordinator.app.config;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.osprey.coordinator.settings.ConfigException;

/** Loads configs from texts. */
final class ConfigFiles {

  private ConfigFiles() {}

  static LoadedConfig load(String yaml) {
    return load(yaml, Map.of());
  }

  static LoadedConfig load(String yaml, Map<String, String> environment) {
    try {
      Path file = Files.createTempDirectory("config").resolve("test.yaml");
      Files.writeString(file, yaml);
      LoadedConfig loaded;
      try {
        loaded = ConfigLoader.load(file, environment);
      } finally {
        Files.delete(file);
        Files.delete(file.getParent());
      }
      return loaded;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<String> mistakes(String yaml) {
    return mistakes(yaml, Map.of());
  }

  static List<String> mistakes(String yaml, Map<String, String> environment) {
    return assertThrows(ConfigException.class, () -> load(yaml, environment)).mistakes();
  }
}
