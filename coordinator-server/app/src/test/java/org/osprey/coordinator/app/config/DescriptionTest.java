package org.osprey.coordinator.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DescriptionTest {
  private static final String YAML =
      """
      rpc:
        maxMessage: 1000KB
      leases:
        byAction:
          user_login: 5s
      kafka:
        groupId: "a \\"b\\""
        properties:
          sasl.password: hunter2
          ssl.keystore.location: /keys
          client.rack: a
      snowflake:
        endpoint: http://me:hunter2@ids:80
      """;

  private final LoadedConfig loaded =
      ConfigFiles.load(YAML, Map.of("OSPREY_COORDINATOR_BIDI_STREAM_PORT", "1"));

  @Test
  void whatIsNotTheDefaultSaysWhereItWasSet() {
    List<String> noted = loaded.describe().lines().filter(line -> line.contains("#")).toList();
    assertEquals(
        List.of(
            "  workerPort: 1  # OSPREY_COORDINATOR_BIDI_STREAM_PORT",
            "  maxMessage: 1MB  # test.yaml:2",
            "    user_login: 5s  # test.yaml:5",
            "  groupId: \"a \\\"b\\\"\"  # test.yaml:7",
            "    client.rack: a  # test.yaml:11",
            "    sasl.password: \"***\"  # test.yaml:9",
            "    ssl.keystore.location: \"***\"  # test.yaml:10",
            "  endpoint: \"http://***@ids:80\"  # test.yaml:13"),
        noted);
  }

  @Test
  void secretsAreMasked() {
    assertFalse(loaded.describe().contains("hunter2"));
  }

  @Test
  void everyComponentIsThere() {
    String description = loaded.describe();
    for (String path : Components.of(CoordinatorConfig.class).keySet()) {
      String key = path.substring(path.lastIndexOf('.') + 1);
      assertTrue(description.contains(key + ":"), path);
    }
  }

  @Test
  void withoutSecretsItReadsBack() {
    LoadedConfig some = ConfigFiles.load("sources: [kafka]\nleases: {byAction: {password.b: 5s}}");
    assertEquals(some.config(), ConfigFiles.load(some.describe()).config());
    assertFalse(ConfigLoader.load(Map.of()).describe().contains("#"));
  }
}
