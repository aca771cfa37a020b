package org.osprey.coordinator.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.osprey.coordinator.security.Role;
import org.osprey.coordinator.settings.ByteSize;
import org.osprey.coordinator.settings.Environment;

/** A value that is changed arrives in its component and in no other. */
class ConfigMappingTest {

  /** What to write for components whose type does not say what is valid. */
  private static final Map<String, Sample> SAMPLES =
      Map.ofEntries(
          Map.entry("sources", new Sample("kafka", List.of(SourceType.KAFKA))),
          Map.entry("rpc.maxCredits", new Sample("999", 999)),
          Map.entry("access.identities", identities()),
          Map.entry("access.anonymous", new Sample("[viewer]", List.of(Role.VIEWER))),
          Map.entry("access.actions", new Sample("[a*]", List.of("a*"))),
          Map.entry("access.actionsPerSecond", new Sample("2.5", 2.5)),
          Map.entry("access.jwt.jwksUri", new Sample("http://a/b", "http://a/b")),
          Map.entry("access.jwt.algorithms", new Sample("[ES512]", List.of("ES512"))),
          Map.entry("leases.byAction", new Sample("{a: 1s}", Map.of("a", Duration.ofSeconds(1)))),
          Map.entry("kafka.bootstrapServers", new Sample("a:1", "a:1")),
          Map.entry("kafka.ordering", new Sample("key", KafkaConfig.Ordering.KEY)),
          Map.entry(
              "kafka.groupProtocol", new Sample("classic", KafkaConfig.GroupProtocol.CLASSIC)),
          Map.entry("results.sink", new Sample("nats", ResultsConfig.Sink.NATS)),
          Map.entry("deadLetters.store", new Sample("log", DeadLettersConfig.Store.LOG)),
          Map.entry("submissions.store", new Sample("nats", SubmissionsConfig.Store.NATS)),
          Map.entry("pubsub.ordering", new Sample("key", PubsubConfig.Ordering.KEY)),
          Map.entry("pubsub.emulatorHost", new Sample("a:1", "a:1")),
          Map.entry("pubsub.encryptionKeyUri", new Sample("gcp-kms://a", "gcp-kms://a")),
          Map.entry("pubsub.minLeaseExtension", new Sample("31s", Duration.ofSeconds(31))),
          Map.entry("pubsub.maxLeaseExtension", new Sample("601s", Duration.ofSeconds(601))),
          Map.entry("pubsub.channelTimeout", new Sample("6s", Duration.ofSeconds(6))),
          Map.entry("nats.servers", new Sample("[nats://a:1]", List.of("nats://a:1"))),
          Map.entry("nats.subjects", new Sample("[a.>]", List.of("a.>"))),
          Map.entry("nats.actionNames", new Sample("{a.b: c}", Map.of("a.b", "c"))),
          Map.entry("nats.ordering", new Sample("key", NatsConfig.Ordering.KEY)),
          Map.entry("database.url", new Sample("postgres://a/b", "postgres://a/b")),
          Map.entry("replicaSets.url", new Sample("postgres://a/b", "postgres://a/b")),
          Map.entry("etcd.peers", new Sample("http://a:1", List.of("http://a:1"))),
          Map.entry("etcd.ttl", new Sample("31s", Duration.ofSeconds(31))),
          Map.entry("tasks.kafka.bootstrapServers", new Sample("a:1", "a:1")),
          Map.entry("streams.natsServers", new Sample("nats://a:1", List.of("nats://a:1"))),
          Map.entry("tasks.kafka.properties", new Sample("{a.b: c}", Map.of("a.b", "c"))),
          Map.entry("kafka.properties", new Sample("{a.b: c}", Map.of("a.b", "c"))),
          Map.entry("snowflake.endpoint", new Sample("http://a:1", "http://a:1")),
          Map.entry("snowflake.dataCenterId", new Sample("30", 30)),
          Map.entry("snowflake.workerId", new Sample("30", 30)),
          Map.entry("tasks.services", services()),
          Map.entry("tasks.batch", new Sample("item", ServiceConfig.Batch.ITEM)),
          Map.entry("tasks.maxBackoff", new Sample("61s", Duration.ofSeconds(61))),
          Map.entry("tasks.rate", new Sample("2.5", 2.5)),
          Map.entry("tasks.redact", new Sample("[ssn, iban]", List.of("ssn", "iban"))),
          Map.entry("tracing.exporter", new Sample("otlp", TracingConfig.Exporter.OTLP)),
          Map.entry("tracing.sampleRatio", new Sample("0.5", 0.5)),
          Map.entry("metrics.exporter", new Sample("otlp", MetricsConfig.Exporter.OTLP)),
          Map.entry("logging.format", new Sample("json", LoggingConfig.Format.JSON)),
          Map.entry("logging.level", new Sample("debug", LoggingConfig.Level.DEBUG)),
          Map.entry("actions.numbers", new Sample("{14: a}", Map.of(14, "a"))));

  private record Sample(String text, Object value) {}

  static Stream<String> paths() {
    return Components.of(CoordinatorConfig.class).keySet().stream();
  }

  static Stream<Map.Entry<String, List<String>>> variables() {
    return new Environment(CoordinatorConfig.class, Map.of()).paths().entrySet().stream();
  }

  @ParameterizedTest
  @MethodSource("paths")
  void fromTheFile(String path) {
    Sample sample = sample(path);
    String yaml = nested(List.of(path.split("\\.")), sample.text());
    assertChanged(path, sample.value(), ConfigFiles.load(yaml).config());
  }

  @ParameterizedTest
  @MethodSource("variables")
  void fromTheEnvironment(Map.Entry<String, List<String>> variable) {
    String path = String.join(".", variable.getValue());
    Sample sample = sample(path);
    String text =
        sample.value() instanceof Duration duration
            ? number(variable.getKey(), duration)
            : sample.text();
    assertChanged(
        path, sample.value(), ConfigLoader.load(Map.of(variable.getKey(), text)).config());
  }

  private static String number(String variable, Duration duration) {
    return String.valueOf(variable.endsWith("_SECS") ? duration.toSeconds() : duration.toMillis());
  }

  private static void assertChanged(String path, Object value, CoordinatorConfig config) {
    Map<String, Object> expected = new TreeMap<>(Components.of(CoordinatorConfig.defaults()));
    expected.put(path, value);
    if (path.startsWith("tasks.") && !path.equals("tasks.services")) {
      // Services have it too, unless they say otherwise.
      expected.put("tasks.services", config.tasks().services());
    }
    if (path.equals("kafka.topic")) {
      expected.put("kafka.deadLetterTopic", value + ".dead-letters");
    }
    assertEquals(expected, new TreeMap<>(Components.of(config)));
  }

  private static Sample identities() {
    IdentityConfig feeder =
        new IdentityConfig(
            List.of(Role.SUBMITTER, Role.VIEWER),
            "/a/b",
            List.of("c"),
            List.of("d"),
            List.of("e*"),
            1.5,
            2,
            new ByteSize(3),
            4);
    String text =
        "{feeder: {roles: [submitter, viewer], tokenFile: /a/b, certificateNames: [c], subjects: [d],"
            + " actions: [e*], actionsPerSecond: 1.5, burst: 2, maxPayload: 3B, maxStreams: 4}}";
    return new Sample(text, Map.of("feeder", feeder));
  }

  private static Sample services() {
    Map<String, ServiceConfig> services =
        new LinkedHashMap<>(CoordinatorConfig.defaults().tasks().services());
    ServiceConfig usual = Objects.requireNonNull(services.get("revenue"));
    services.put(
        "revenue",
        new ServiceConfig(
            "http://a/b",
            "score",
            ServiceConfig.Batch.ITEM,
            Duration.ofSeconds(2),
            4,
            Duration.ofSeconds(5),
            usual.maxBackoff(),
            Duration.ofSeconds(6),
            7,
            8.5,
            false));
    String text =
        "{revenue: {url: 'http://a/b', pool: score, batch: item, timeout: 2s, retries: 4,"
            + " backoff: 5s, totalTimeout: 6s, concurrency: 7, rate: 8.5, repeatUnknown: false}}";
    return new Sample(text, services);
  }

  private static Sample sample(String path) {
    Sample sample = SAMPLES.get(path);
    return sample != null
        ? sample
        : other(Objects.requireNonNull(Components.of(CoordinatorConfig.defaults()).get(path)));
  }

  private static Sample other(Object value) {
    return switch (value) {
      case Integer number -> new Sample(String.valueOf(number + 7), number + 7);
      case Boolean truth -> new Sample(String.valueOf(!truth), !truth);
      case String text -> new Sample(text + "x", text + "x");
      case Duration duration -> new Sample(duration.toMillis() + 7 + "ms", duration.plusMillis(7));
      case ByteSize size -> new Sample(size.bytes() + 7 + "B", new ByteSize(size.bytes() + 7));
      case Object unknown -> throw new AssertionError("no sample for " + unknown);
    };
  }

  private static String nested(List<String> path, String text) {
    return path.isEmpty()
        ? text
        : path.getFirst()
            + ": "
            + (path.size() == 1 ? text : "{" + nested(path.subList(1, path.size()), text) + "}");
  }
}
