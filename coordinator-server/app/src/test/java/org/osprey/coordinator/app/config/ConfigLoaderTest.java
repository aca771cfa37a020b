package org.osprey.coordinator.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.DispatcherSettings.Bounds;
import org.osprey.coordinator.core.DispatcherSettings.Leases;
import org.osprey.coordinator.core.DispatcherSettings.Retries;
import org.osprey.coordinator.settings.ConfigException;

class ConfigLoaderTest {

  @Test
  void withoutAnythingSetTheDefaultsApply() {
    CoordinatorConfig config = CoordinatorConfig.defaults();
    assertEquals(19_950, config.rpc().workerPort());
    assertEquals(List.of(), config.sources());
    assertEquals("osprey.actions_input.dead-letters", config.kafka().deadLetterTopic());
    assertEquals(DispatcherSettings.DEFAULTS, config.dispatcherSettings());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# only a comment\n", "---\n", "rpc:\n", "rpc: {}\n", "rpc: null\n"})
  void aFileThatSetsNothingChangesNothing(String yaml) {
    assertEquals(CoordinatorConfig.defaults(), ConfigFiles.load(yaml).config());
  }

  @Test
  void theEnvironmentWinsOverTheFileOverTheDefaults() {
    CoordinatorConfig config =
        ConfigFiles.load(
                "rpc: {workerPort: 1, syncPort: 2}",
                Map.of("OSPREY_COORDINATOR_SYNC_ACTION_PORT", "3"))
            .config();
    assertEquals(1, config.rpc().workerPort());
    assertEquals(3, config.rpc().syncPort());
    assertEquals(1000, config.rpc().maxCredits());
  }

  @Test
  void anEmptyVariableCountsAsUnset() {
    CoordinatorConfig config =
        ConfigFiles.load("kafka: {topic: mine}", Map.of("OSPREY_KAFKA_INPUT_STREAM_TOPIC", " "))
            .config();
    assertEquals("mine", config.kafka().topic());
    assertEquals("mine.dead-letters", config.kafka().deadLetterTopic());
  }

  @Test
  void millisecondVariablesArePlainNumbers() {
    Map<String, String> variables = Map.of("MAX_PQ_RECEIVE_AWAIT_TIME_MS", "5000");
    CoordinatorConfig config = ConfigLoader.load(variables).config();
    assertEquals(Duration.ofSeconds(5), config.dispatcherSettings().idleStream());

    assertEquals(
        List.of(
            "MAX_PQ_RECEIVE_AWAIT_TIME_MS (workers.idleStream): got \"5s\", want a whole number of"
                + " milliseconds"),
        ConfigFiles.mistakes("", Map.of("MAX_PQ_RECEIVE_AWAIT_TIME_MS", "5s")));
  }

  @ParameterizedTest
  @CsvSource({"True, true", "TRUE, true", "1, true", "False, false", "0, false"})
  void truthIsReadAsOtherProgramsWriteIt(String text, boolean truth) {
    CoordinatorConfig config = ConfigLoader.load(Map.of("USE_KAFKA", text)).config();
    assertEquals(truth, config.tasks().kafka().enabled());
  }

  @Test
  void sourcesAreAListInBothPlaces() {
    List<SourceType> kafka = List.of(SourceType.KAFKA);
    assertEquals(kafka, ConfigFiles.load("sources: [kafka]").config().sources());
    assertEquals(kafka, ConfigFiles.load("sources: kafka").config().sources());
    assertEquals(kafka, fromConsumerType("kafka, none,kafka").sources());
    assertEquals(List.of(), fromConsumerType("none").sources());
    assertTrue(fromConsumerType("kafka").reads(SourceType.KAFKA));
  }

  @Test
  void theDispatcherGetsEachSettingInItsPlace() {
    CoordinatorConfig config =
        ConfigFiles.load(
                """
                queue:
                  sync: {actions: 1, bytes: 2B}
                  async: {actions: 3, bytes: 4B}
                  agedAfter: 5s
                  agedShare: 6
                leases: {time: 7s, byAction: {a: 8s}}
                retries: {nacks: 9, deaths: 10, backoff: 11s, maxBackoff: 12s}
                workers: {idleStream: 13s}
                """)
            .config();
    DispatcherSettings expected =
        new DispatcherSettings(
            new Bounds(1, 2),
            new Bounds(3, 4),
            new Leases(Duration.ofSeconds(7), Map.of("a", Duration.ofSeconds(8))),
            new Retries(9, 10, Duration.ofSeconds(11), Duration.ofSeconds(12)),
            Duration.ofSeconds(5),
            6,
            Duration.ofSeconds(13));
    assertEquals(expected, config.dispatcherSettings());
  }

  @Test
  void mapsKeepTheirKeys() {
    CoordinatorConfig config =
        ConfigFiles.load(
                """
                leases:
                  byAction: {user_login: 5s, guild.joined: 1m}
                actions:
                  numbers: {14: message_sent}
                kafka:
                  properties:
                    sasl.mechanism: PLAIN
                """)
            .config();
    assertEquals(
        Map.of("user_login", Duration.ofSeconds(5), "guild.joined", Duration.ofMinutes(1)),
        config.dispatcherSettings().leases().byName());
    assertEquals(Map.of(14, "message_sent"), config.actions().numbers());
    assertEquals(Map.of("sasl.mechanism", "PLAIN"), config.kafka().properties());
  }

  @Test
  void aServiceSaysOnlyWhatIsItsOwn() {
    CoordinatorConfig config =
        ConfigFiles.load(
                """
                tasks:
                  services:
                    revenue: {timeout: 5s}
                    rebates: http://rebates:1/x
                    new-one: {pool: score}
                  retries: 7
                """,
                Map.of("SPECIALTY_SERVICE_URL", "http://mocks:8001"))
            .config();
    assertEquals(
        List.of("revenue", "rebates", "specialty", "new-one"),
        List.copyOf(config.tasks().services().keySet()));
    assertEquals("http://localhost:8001/revenue", service(config, "revenue").url());
    assertEquals(Duration.ofSeconds(5), service(config, "revenue").timeout());
    assertEquals(7, service(config, "revenue").retries());
    assertEquals("http://rebates:1/x", service(config, "rebates").url());
    assertEquals(Duration.ofSeconds(30), service(config, "rebates").timeout());
    assertEquals("http://mocks:8001", service(config, "specialty").url());
    assertEquals("score", service(config, "new-one").pool());
  }

  @ParameterizedTest
  @CsvSource({
    "http://mocks:8001, http://mocks:8001/revenue",
    "http://mocks:8001/, http://mocks:8001/revenue",
    "http://mocks:8001/revenue, http://mocks:8001/revenue",
    "https://mocks/v1/other?a=b, https://mocks/v1/other?a=b",
    "https://mocks?a=b, https://mocks?a=b",
  })
  void aServerAloneMeansTheServicesOwnPath(String url, String address) {
    CoordinatorConfig config = ConfigLoader.load(Map.of("REVENUE_SERVICE_URL", url)).config();
    assertEquals(URI.create(address), service(config, "revenue").address("revenue"));
  }

  @Test
  void everyServiceHasAVariable() {
    String yaml = "tasks: {services: {new-one: \"http://one:1\"}}";
    CoordinatorConfig config =
        ConfigFiles.load(yaml, Map.of("NEW_ONE_SERVICE_URL", "http://other:2/")).config();
    assertEquals("http://other:2/", service(config, "new-one").url());
    assertEquals(
        List.of(
            "NEW_ONE_SERVICE_URL (tasks.services.new-one.url): got \"nowhere\", want"
                + " http://host:port/path or https://host/path, without underscores in the host"),
        ConfigFiles.mistakes(yaml, Map.of("NEW_ONE_SERVICE_URL", "nowhere")));
  }

  @Test
  void variablesExpandInValuesOfTheFileOnly() {
    Map<String, String> variables = Map.of("TOPIC", "one", "EMPTY", "", "NESTED", "${TOPIC}");
    assertEquals("a-one", topic("a-${TOPIC}", variables));
    assertEquals("two", topic("${EMPTY:-two}", variables));
    assertEquals("two", topic("${UNSET:-two}", variables));
    assertEquals("${TOPIC}", property("$${TOPIC}", variables));
    assertEquals("${TOPIC}", property("${NESTED}", variables));
    assertEquals("a$$b", property("a$$b", variables));
    CoordinatorConfig numeric =
        ConfigFiles.load("rpc: {workerPort: \"${PORT:-4}\"}", Map.of("PORT", "5")).config();
    assertEquals(5, numeric.rpc().workerPort());
  }

  @Test
  void keysDoNotExpand() {
    CoordinatorConfig config =
        ConfigFiles.load("kafka: {properties: {\"${A}\": b}}", Map.of("A", "x")).config();
    assertEquals(Map.of("${A}", "b"), config.kafka().properties());
  }

  @Test
  void aMissingFileIsAMistake(@TempDir Path folder) {
    Path missing = folder.resolve("missing.yaml");
    ConfigException e =
        assertThrows(ConfigException.class, () -> ConfigLoader.load(missing, Map.of()));
    assertEquals(List.of("--config " + missing + ": there is no such file"), e.mistakes());
    assertThrows(ConfigException.class, () -> ConfigLoader.load(folder, Map.of()));
  }

  @Test
  void aVariableWithATypingErrorGivesAWarning() {
    List<String> warnings =
        ConfigLoader.load(
                Map.of(
                    "OSPREY_COORDINATOR_CONSUMER_TYP",
                    "kafka",
                    "OSPREY_COORDINATOR_SERVICE_HOST",
                    "10.0.0.1",
                    "OSPREY_COORDINATOR_SERVICE_NAME",
                    "osprey_coordinator",
                    "ETCD_PEERS",
                    "http://etcd:2379",
                    "PUBSUB_MAX_MESSAGES",
                    "5000"))
            .warnings();
    assertEquals(
        List.of(
            "OSPREY_COORDINATOR_CONSUMER_TYP is not a known variable, did you mean"
                + " OSPREY_COORDINATOR_CONSUMER_TYPE?"),
        warnings);
  }

  private static ServiceConfig service(CoordinatorConfig config, String name) {
    return Objects.requireNonNull(config.tasks().services().get(name));
  }

  private static CoordinatorConfig fromConsumerType(String value) {
    return ConfigLoader.load(Map.of("OSPREY_COORDINATOR_CONSUMER_TYPE", value)).config();
  }

  private static String topic(String value, Map<String, String> variables) {
    return ConfigFiles.load("kafka: {topic: \"" + value + "\"}", variables)
        .config()
        .kafka()
        .topic();
  }

  private static String property(String value, Map<String, String> variables) {
    return ConfigFiles.load("kafka: {properties: {p: \"" + value + "\"}}", variables)
        .config()
        .kafka()
        .properties()
        .getOrDefault("p", "");
  }
}
