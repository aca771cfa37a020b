package org.osprey.coordinator.testdata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What docker-compose.yaml sets for these programs is what they read. */
class ComposeTest {

  @Test
  void everyVariableIsReadAndEveryValueIsGood() {
    JsonNode compose = new YAMLMapper().readTree(Path.of("../../docker-compose.yaml").toFile());
    int found = 0;
    for (JsonNode service : compose.path("services")) {
      if (service.at("/build/target").asString("").equals("test-data")) {
        found++;
        Map<String, String> environment = environment(service);
        Variables variables = new Variables(environment);
        read(service.at("/command/0").asString(), variables);
        variables.check();
        assertTrue(
            variables.asked().containsAll(environment.keySet()),
            () -> environment.keySet() + " are not all of " + variables.asked());
      }
    }
    assertEquals(4, found);
  }

  private static void read(String command, Variables variables) {
    switch (command) {
      case "kafka" -> {
        KafkaTopic.read(variables);
        ActionStream.Settings.read(variables);
      }
      case "calls" -> {
        SyncPort.read(variables);
        ActionStream.Settings.read(variables);
      }
      case "topic" -> {
        KafkaTopic.read(variables);
        KafkaTopic.partitions(variables);
      }
      case "ids" -> IdServer.Settings.read(variables);
      default -> throw new AssertionError(command);
    }
  }

  private static Map<String, String> environment(JsonNode service) {
    Map<String, String> values = new HashMap<>();
    service
        .path("environment")
        .forEachEntry(
            (name, value) ->
                values.put(name, value.asString().replaceAll("\\$\\{\\w+:-([^}]*)}", "$1")));
    return values;
  }
}
