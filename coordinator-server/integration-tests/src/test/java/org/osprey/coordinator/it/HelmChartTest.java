package org.osprey.coordinator.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.app.config.ConfigLoader;
import org.osprey.coordinator.app.config.CoordinatorConfig;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The chart's settings are good ones, and its parts fit each other and the coordinator. */
@Timeout(120)
class HelmChartTest {
  /** What stands in the secrets that examples name. */
  private static final Map<String, String> SECRETS =
      Map.of("KAFKA_JAAS", "secret", "DATABASE_URL", "postgres://user:password@database:5432/name");

  @TempDir private Path folder;

  /** Each example, and the defaults alone. */
  private static List<Path[]> cases() throws IOException {
    List<Path[]> cases = new ArrayList<>();
    cases.add(new Path[0]);
    HelmChart.examples().forEach(file -> cases.add(new Path[] {file}));
    return cases;
  }

  private CoordinatorConfig load(String text, Map<String, String> environment) throws IOException {
    Path file = Files.writeString(folder.resolve("coordinator.yaml"), text);
    return ConfigLoader.load(file, environment).config();
  }

  @Test
  void theSettingsOfAllValuesAreGood() throws IOException {
    assertTrue(cases().size() > 3);
    for (Path[] files : cases()) {
      ObjectNode values = HelmChart.values(files);
      Map<String, String> environment = new HashMap<>(SECRETS);
      values
          .get("environment")
          .properties()
          .forEach(one -> environment.put(one.getKey(), one.getValue().asString()));
      load(HelmChart.YAML.writeValueAsString(values.get("config")), environment);
    }
  }

  @Test
  void theDefaultPortsAndTheDrainAreThoseOfTheCoordinator() throws IOException {
    String chart = HelmChart.YAML.writeValueAsString(HelmChart.values().get("config"));
    assertEquals(ConfigLoader.load(Map.of()).config(), load(chart, Map.of()));
  }

  /** A row that begins with the whole name, or with its first sibling's. */
  @Test
  void everyValueIsInTheReadme() throws IOException {
    List<String> rows =
        Files.readAllLines(HelmChart.FOLDER.resolve("README.md")).stream()
            .filter(line -> line.startsWith("| `"))
            .toList();
    List<String> missing = new ArrayList<>();
    missing(HelmChart.values(), "", rows, missing);
    assertEquals(List.of(), missing);
  }

  private static void missing(
      JsonNode node, String above, List<String> rows, List<String> missing) {
    for (Map.Entry<String, JsonNode> one : node.properties()) {
      String name = above + one.getKey();
      boolean shown = rows.stream().anyMatch(row -> tells(row, above, one.getKey()));
      if (shown) {
        continue;
      }
      if (one.getValue().isObject() && !one.getValue().isEmpty()) {
        missing(one.getValue(), name + ".", rows, missing);
      } else {
        missing.add(name);
      }
    }
  }

  private static boolean tells(String row, String above, String key) {
    return row.contains("`" + above + key + "`")
        || (!above.isEmpty() && row.startsWith("| `" + above) && row.contains("`." + key + "`"));
  }

  @Test
  void whatIsRenderedFitsTheCoordinator() throws Exception {
    Optional<Path> helm = HelmChart.helm();
    assumeTrue(helm.isPresent(), "there is no helm; docker/helm/test.sh installs it");
    for (Path[] files : cases()) {
      Rendered rendered = new Rendered(HelmChart.render(helm.get(), files));
      CoordinatorConfig config = load(rendered.settings(), rendered.environment());
      assertPorts(config, rendered);
      assertProbes(rendered);
      assertTimeToDrain(config, rendered);
    }
  }

  private static void assertPorts(CoordinatorConfig config, Rendered rendered) {
    Map<String, Integer> wanted =
        Map.of(
            "grpc-worker", config.rpc().workerPort(),
            "grpc-sync", config.rpc().syncPort(),
            "http", config.http().port());
    assertEquals(wanted, ports(rendered.container().get("ports"), "containerPort"));
    rendered
        .all("Service")
        .forEach(service -> assertEquals(wanted, ports(service.at("/spec/ports"), "port")));
    assertTrue(!rendered.all("Service").isEmpty());
  }

  private static Map<String, Integer> ports(JsonNode list, String field) {
    Map<String, Integer> ports = new HashMap<>();
    list.forEach(port -> ports.put(port.get("name").asString(), port.get(field).asInt()));
    return ports;
  }

  private static void assertProbes(Rendered rendered) throws IOException {
    JsonNode paths = openApi().get("paths");
    for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      JsonNode request = rendered.container().get(probe).get("httpGet");
      assertTrue(paths.has(request.get("path").asString()), request::toString);
      assertEquals("http", request.get("port").asString());
    }
  }

  private static JsonNode openApi() throws IOException {
    try (InputStream in =
        HelmChartTest.class.getClassLoader().getResourceAsStream("openapi.yaml")) {
      byte[] text = Objects.requireNonNull(in, "openapi.yaml").readAllBytes();
      return HelmChart.YAML.readTree(new String(text, StandardCharsets.UTF_8));
    }
  }

  private static void assertTimeToDrain(CoordinatorConfig config, Rendered rendered) {
    long before = rendered.container().at("/lifecycle/preStop/exec/command/1").asLong();
    long all = rendered.pod().get("terminationGracePeriodSeconds").asLong();
    assertTrue(all > before + config.shutdown().drain().toSeconds(), rendered.pod()::toString);
  }

  /** What Helm made. */
  private record Rendered(List<JsonNode> documents) {

    List<JsonNode> all(String kind) {
      Predicate<JsonNode> wanted = one -> kind.equals(one.path("kind").asString(""));
      return documents.stream().filter(wanted).toList();
    }

    JsonNode pod() {
      return all("Deployment").getFirst().at("/spec/template/spec");
    }

    JsonNode container() {
      return pod().at("/containers/0");
    }

    String settings() {
      return all("ConfigMap").getFirst().at("/data/coordinator.yaml").asString();
    }

    /** A value out of a secret is one that fits. */
    Map<String, String> environment() {
      Map<String, String> environment = new HashMap<>();
      for (JsonNode one : container().get("env")) {
        String name = one.get("name").asString();
        environment.put(name, one.path("value").asString(SECRETS.getOrDefault(name, "10.0.0.1")));
      }
      return environment;
    }
  }
}
