package org.osprey.coordinator.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The page of all settings is what they make of it; {@code -Dconfiguration.write=true} writes it.
 */
class ConfigurationPageTest {
  private static final Path PAGE = Path.of("../../docs/configuration.md");

  @Test
  void thePageIsWhatTheSettingsMakeOfIt() throws IOException {
    String made = ConfigurationPage.make();
    if (Boolean.getBoolean("configuration.write")) {
      Files.writeString(PAGE, made);
    }
    assertEquals(
        made, Files.readString(PAGE), "docs/configuration.md says itself how to make it again");
  }

  @Test
  void itsExampleLoads() throws IOException {
    String example = Files.readString(PAGE).split("```yaml\n", -1)[1].split("```", -1)[0];
    CoordinatorConfig config = ConfigFiles.load(example, Map.of("KAFKA_JAAS", "a")).config();
    assertEquals("localhost:9092", config.kafka().bootstrapServers());
    assertEquals("a", config.kafka().properties().get("sasl.jaas.config"));
  }
}
