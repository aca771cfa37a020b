package org.osprey.coordinator.app.config;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.osprey.coordinator.app.config.Compose.Service;
import org.osprey.coordinator.settings.Environment;
import tools.jackson.databind.JsonNode;

/** docker-compose.yaml fits itself, the repository and the settings. */
class ComposeTest {
  private static final String HEALTHY = "service_healthy";
  private static final String COMPLETED = "service_completed_successfully";
  private static final Path DOCKERFILE = Compose.ROOT.resolve("docker/Dockerfile");
  private static final Pattern PINNED =
      Pattern.compile("[a-z0-9.-]+(/[a-z0-9.-]+)*:v?\\d+\\.\\d+\\.?\\d*(-[a-z0-9]+)?");
  private static final Pattern PORT = Pattern.compile("127\\.0\\.0\\.1:(\\d+):(\\d+)");
  private static final Map<String, Service> SERVICES = Compose.services();
  private static final Service COORDINATOR = service("osprey-coordinator");

  static List<Service> services() {
    return List.copyOf(SERVICES.values());
  }

  @Test
  void hasEverythingThatIsPromised() {
    assertEquals(
        Set.of(
            "osprey-coordinator",
            "sample-worker",
            "kafka",
            "kafka-topic-creator",
            "etcd",
            "snowflake-id-worker",
            "nats",
            "postgres",
            "kafka-test-data-producer",
            "coordinator-test-data-producer",
            "prometheus",
            "grafana"),
        SERVICES.keySet());
    Map<String, Set<String>> profiles = new TreeMap<>();
    for (Service service : services()) {
      service
          .all("profiles")
          .forEach(
              name -> profiles.computeIfAbsent(name, n -> new TreeSet<>()).add(service.name()));
    }
    assertEquals(
        Map.of(
            "test_data", Set.of("kafka-test-data-producer"),
            "test-data", Set.of("kafka-test-data-producer"),
            "coordinator_test_data", Set.of("coordinator-test-data-producer"),
            "coordinator-test-data", Set.of("coordinator-test-data-producer"),
            "monitoring", Set.of("prometheus", "grafana")),
        profiles);
  }

  @ParameterizedTest
  @MethodSource("services")
  void waitsOnlyForWhatSaysThatItIsReady(Service service) {
    service
        .dependencies()
        .forEach(
            (name, condition) -> {
              Service other = service(name);
              assertTrue(
                  other.all("profiles").stream().allMatch(service.all("profiles")::contains));
              if (condition.equals(COMPLETED)) {
                assertEquals("no", other.text("restart"));
              } else {
                assertEquals(HEALTHY, condition);
                assertTrue(other.node().has("healthcheck") || other.isBuilt(), name);
              }
            });
  }

  @ParameterizedTest
  @MethodSource("services")
  void isPinnedOrBuiltHere(Service service) {
    if (service.isBuilt()) {
      assertEquals("", service.text("image"));
      assertEquals(".", service.node().at("/build/context").asString());
      assertEquals("docker/Dockerfile", service.node().at("/build/dockerfile").asString());
      assertTrue(
          Set.of("coordinator", "etcd", "sample-worker", "test-data")
              .contains(service.buildTarget()));
    } else {
      assertTrue(PINNED.matcher(service.text("image")).matches(), service.text("image"));
    }
    assertFalse(service.node().has("container_name"), "two copies could not run");
  }

  @ParameterizedTest
  @MethodSource("services")
  void mountsWhatTheRepositoryHas(Service service) {
    for (String volume : service.all("volumes")) {
      String[] parts = volume.split(":", -1);
      assertEquals(3, parts.length, volume);
      assertTrue(parts[0].startsWith("./") && parts[1].startsWith("/"), volume);
      assertEquals("ro", parts[2]);
      assertTrue(Files.exists(Compose.ROOT.resolve(parts[0])), volume);
    }
  }

  @Test
  void hostPortsAreLoopbackAndUnique() {
    Set<String> seen = new HashSet<>();
    for (Service service : services()) {
      for (String mapping : service.all("ports")) {
        Matcher port = PORT.matcher(mapping);
        assertTrue(port.matches(), mapping);
        assertEquals(port.group(1), port.group(2));
        assertTrue(seen.add(port.group(1)), mapping);
      }
    }
    assertEquals(
        Set.of("19950", "19951", "19952", "9092", "2379", "8088", "4222", "5432", "9090", "3000"),
        seen);
  }

  @Test
  void everyVariableHasOneDefaultAndPortsAreInTheUsage() {
    String usage = Compose.text(Compose.ROOT.resolve("scripts/with_coordinator.sh"));
    Compose.variables()
        .forEach(
            (name, defaults) -> {
              String standard = defaults.getFirst();
              assertFalse(defaults.contains("none"), name);
              assertEquals(1, Set.copyOf(defaults).size(), name);
              if (name.endsWith("_PORT")) {
                assertTrue(usage.contains(name + " (" + standard + ")"), name);
              }
            });
  }

  @Test
  void theCoordinatorKnowsEveryVariable() {
    Set<String> known = new Environment(CoordinatorConfig.class, Map.of()).paths().keySet();
    Set<String> unknown = new TreeSet<>(COORDINATOR.environment().keySet());
    unknown.removeAll(known);
    assertEquals(Set.of(), unknown);
    // As the containers of the old coordinator had them.
    assertTrue(
        COORDINATOR
            .environment()
            .keySet()
            .containsAll(
                Set.of(
                    "OSPREY_COORDINATOR_BIDI_STREAM_PORT",
                    "OSPREY_COORDINATOR_SYNC_ACTION_PORT",
                    "OSPREY_COORDINATOR_CONSUMER_TYPE",
                    "OSPREY_KAFKA_BOOTSTRAP_SERVERS",
                    "OSPREY_KAFKA_INPUT_STREAM_TOPIC",
                    "OSPREY_KAFKA_GROUP_ID",
                    "ETCD_PEERS",
                    "OSPREY_COORDINATOR_SERVICE_NAME",
                    "SNOWFLAKE_API_ENDPOINT",
                    "MAX_TIME_TO_SEND_TO_ASYNC_QUEUE_MS",
                    "MAX_ACKING_RECEIVER_WAIT_TIME_MS")));
  }

  @Test
  void theCoordinatorTakesTheValuesAndFindsTheOthers() {
    LoadedConfig loaded = ConfigFiles.load("{}", COORDINATOR.environment());
    assertEquals(List.of(), loaded.warnings());
    CoordinatorConfig config = loaded.config();
    assertEquals(List.of(SourceType.KAFKA), config.sources());
    assertEquals(
        Set.of(
            Integer.toString(config.rpc().workerPort()),
            Integer.toString(config.rpc().syncPort()),
            Integer.toString(config.http().port())),
        COORDINATOR.all("ports").stream()
            .map(port -> port.substring(port.lastIndexOf(':') + 1))
            .collect(Collectors.toSet()));
    assertListens(config.kafka().bootstrapServers());
    config.etcd().peers().forEach(peer -> assertListens(authority(peer)));
    assertListens(authority(config.snowflake().endpoint()));
    assertListens(authority(config.database().url()));
    config.streams().natsServers().forEach(server -> assertListens(authority(server)));
    assertEquals(COORDINATOR.name(), config.etcd().podIp());
  }

  @Test
  void theWorkerGoesToTheWorkerPort() {
    assertEquals(
        List.of("--target", COORDINATOR.name() + ":19950"),
        service("sample-worker").all("command"));
  }

  @Test
  void prometheusScrapesTheCoordinatorAndGrafanaAsksPrometheus() {
    JsonNode prometheus =
        Compose.yaml(Compose.text(Compose.ROOT.resolve("docker/prometheus/prometheus.yml")));
    assertEquals(
        COORDINATOR.name() + ":19952",
        prometheus.at("/scrape_configs/0/static_configs/0/targets/0").asString());
    Path provisioning = Compose.ROOT.resolve("docker/grafana/provisioning");
    JsonNode source =
        Compose.yaml(Compose.text(provisioning.resolve("datasources/prometheus.yml")));
    assertListens(authority(source.at("/datasources/0/url").asString()));
    JsonNode provider =
        Compose.yaml(Compose.text(provisioning.resolve("dashboards/osprey-coordinator.yml")));
    String folder = provider.at("/providers/0/options/path").asString();
    assertTrue(
        service("grafana").all("volumes").stream()
            .anyMatch(volume -> volume.contains(":" + folder + "/osprey-coordinator.json:")));
  }

  @Test
  void theDockerfileHasTheTargetsAndTheirHealthChecks() {
    Map<String, String> stages = stages(Compose.text(DOCKERFILE));
    for (Service service : services()) {
      if (service.isBuilt()) {
        assertTrue(stages.containsKey(service.buildTarget()), service.buildTarget());
      }
      service
          .dependencies()
          .forEach(
              (name, condition) -> {
                Service other = service(name);
                if (condition.equals(HEALTHY) && !other.node().has("healthcheck")) {
                  String stage = stages.getOrDefault(other.buildTarget(), "");
                  assertTrue(stage.matches("(?s).*\nHEALTHCHECK (?!NONE).*"), name);
                }
              });
    }
  }

  /** The text of each stage by its name. */
  private static Map<String, String> stages(String dockerfile) {
    Map<String, String> stages = new TreeMap<>();
    for (String stage : dockerfile.split("(?m)^FROM ", -1)) {
      Matcher name = Pattern.compile("(?s)\\S+ AS (\\S+).*").matcher(stage);
      if (name.matches()) {
        stages.put(name.group(1), stage);
      }
    }
    return stages;
  }

  private static String authority(String url) {
    URI uri = URI.create(url);
    return uri.getHost() + ":" + uri.getPort();
  }

  private static Service service(String name) {
    return requireNonNull(SERVICES.get(name), () -> "there is no service " + name);
  }

  /** A service, at a port that it has for others. */
  private static void assertListens(String hostAndPort) {
    String[] parts = hostAndPort.split(":", -1);
    Service service = service(parts[0]);
    boolean published =
        service.all("ports").stream().anyMatch(port -> port.endsWith(":" + parts[1]));
    boolean told = service.environment().values().stream().anyMatch(v -> v.contains(hostAndPort));
    assertTrue(published || told, hostAndPort);
  }
}
