package org.osprey.coordinator.collectors.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.collector.Severity;
import org.osprey.coordinator.collectors.config.NatsConfig.JetStream;
import org.osprey.coordinator.collectors.config.OrchestratorConfig.Login;
import org.osprey.coordinator.collectors.flow.FlowSettings;
import org.osprey.coordinator.collectors.flow.LaneSettings;
import org.osprey.coordinator.collectors.flow.Route;
import org.osprey.coordinator.collectors.flow.WhenFull;

class CollectorsReaderTest {

  enum Mode {
    QUICK,
    VERY_SLOW
  }

  record Kernel(Duration pollInterval, String procRoot) {}

  record Kubelet(String address, boolean insecure, Duration pollInterval) {}

  record Everything(
      String text,
      int count,
      long much,
      double share,
      boolean flag,
      Duration pause,
      Mode mode,
      List<String> names,
      Map<String, String> headers,
      Map<String, Integer> weights) {}

  record Picky(String url) {
    Picky {
      if (url.startsWith("ftp:")) {
        throw new IllegalArgumentException("url must not be ftp");
      }
    }
  }

  private static final Everything NOTHING =
      new Everything(
          "", 1, 2, 0.5, false, Duration.ZERO, Mode.QUICK, List.of(), Map.of(), Map.of());

  private static final Kinds KINDS =
      Kinds.of(
          List.of(
              FakeKind.idle(
                  "kernel",
                  new Kernel(Duration.ofSeconds(1), "/proc"),
                  "enable_ebpf",
                  "monitor_configmaps",
                  "monitor_secrets"),
              FakeKind.idle("kubelet", new Kubelet("localhost:10250", false, Duration.ZERO)),
              FakeKind.idle("dns", NOTHING),
              FakeKind.of(
                  "http",
                  new Picky(""),
                  (config, context) -> {
                    if (config.url().isEmpty()) {
                      throw new IllegalArgumentException("url is not set, want one");
                    }
                    throw new IllegalStateException("never started");
                  })));

  @Test
  void theStructureOfTheSeedLoads() {
    CollectorsConfig config = Configs.read(seed("structure"), KINDS);
    OrchestratorConfig shared = config.orchestrator();
    assertEquals(4, shared.workers());
    assertEquals(10_000, shared.bufferSize());
    assertEquals(List.of("nats://localhost:4222"), shared.nats().url());
    assertEquals("tapio.events", shared.nats().subject());
    assertEquals(5, shared.nats().maxReconnects());
    assertNull(shared.login());
    assertEquals(
        new Kubelet("localhost:10250", true, Duration.ofSeconds(30)), settings(config, "kubelet"));
    assertTrue(collector(config, "kernel").enabled());
    assertFalse(collector(config, "dns").enabled());
    assertEquals(
        List.of(
            "collectors.kernel.config (test.yaml:15): not supported here, ignored: enable_ebpf,"
                + " monitor_configmaps, monitor_secrets"),
        config.warnings());
  }

  @Test
  void theSeedTakesItsAddressesFromTheEnvironment() {
    Map<String, String> environment =
        Map.of("NATS_URL", "nats://a:1,nats://b:2", "KUBELET_ADDRESS", "node:1");
    CollectorsConfig config = Configs.read(seed("structure"), KINDS, environment);
    assertEquals(List.of("nats://a:1", "nats://b:2"), config.orchestrator().nats().url());
    assertEquals(new Kubelet("node:1", true, Duration.ofSeconds(30)), settings(config, "kubelet"));
  }

  @Test
  void theDevelopmentExampleOfTheSeedLoads() {
    CollectorsConfig config = Configs.read(seed("development"), KINDS);
    assertEquals(2, config.flow().workers());
    assertEquals(1_000, config.flow().bufferSize());
    assertEquals(OrchestratorConfig.LogLevel.DEBUG, config.logLevel());
    assertEquals(List.of("kernel", "kubelet"), List.copyOf(config.collectors().keySet()));
    assertEquals(List.of(), config.warnings());
  }

  @Test
  void theProductionExampleOfTheSeedLoadsWithAWarning() {
    CollectorsConfig config = Configs.read(seed("production"), KINDS);
    assertEquals(8, config.orchestrator().workers());
    assertEquals(Map.of(), config.collectors());
    assertEquals(List.of("collectors: none is enabled"), config.warnings());
  }

  @Test
  void whatIsNotSetIsTheDefault() {
    CollectorsConfig config = Configs.read("collectors: {kernel: {enabled: true}}", KINDS);
    assertEquals(
        new FlowSettings(
            4, 10_000, 64 << 20, 1 << 30, Duration.ofSeconds(10), List.of(), "collectors.events"),
        config.flow());
    assertEquals(OrchestratorConfig.DEFAULTS, config.orchestrator());
    assertNull(config.logLevel());
    CollectorConfig kernel = collector(config, "kernel");
    assertEquals(new LaneSettings(10_000, WhenFull.BLOCK, true, 1), kernel.lane());
    assertEquals(OnStartError.RETRY, kernel.onStartError());
    assertEquals(new Kernel(Duration.ofSeconds(1), "/proc"), settings(config, "kernel"));
  }

  @Test
  void everySettingReachesItsPlace() {
    CollectorsConfig config =
        Configs.read(
            """
            orchestrator:
              workers: 64
              buffer_size: 100
              buffer_bytes: 1MiB
              log_level: "off"
              plugins: p
              database: d.db
              spill_max_bytes: 2MiB
              drain_timeout: 0s
              routes:
                - {collector: web, severity: error, action: page}
                - {type: "kernel.*", subject: "k.{type}", sample: 0.5}
              nats: {url: [tls://a:1], subject: "s.{collector}.x", max_reconnects: 0, auth_enabled: true, token: t, jetstream: on}
            collectors:
              web:
                enabled: true
                kind: dns
                when_full: drop-oldest
                order: none
                sample: 0.25
                on_start_error: fail
                config:
                  buffer_size: 100000
                  text: "${A:-x: # y}"
                  count: "${COUNT:-7}"
                  much: 9000000000
                  share: 0.75
                  flag: "${FLAG:-true}"
                  pause: 5m
                  mode: very-slow
                  names: [a, "b,c"]
                  headers: {Accept: "*/*"}
                  weights: {a: 3}
            """,
            KINDS);
    assertEquals(
        new FlowSettings(
            64,
            100,
            1 << 20,
            2 << 20,
            Duration.ZERO,
            List.of(
                new Route("web", null, Severity.ERROR, Route.Kind.ACTION, "page", 1),
                new Route(null, "kernel.*", Severity.DEBUG, Route.Kind.SUBJECT, "k.{type}", 0.5)),
            "s.{collector}.x"),
        config.flow());
    assertEquals(new Login("", "", "t"), config.orchestrator().login());
    assertEquals(JetStream.ON, config.orchestrator().nats().jetstream());
    CollectorConfig web = collector(config, "web");
    assertEquals("dns", web.kindName());
    assertEquals(new LaneSettings(100_000, WhenFull.DROP_OLDEST, false, 0.25), web.lane());
    assertEquals(OnStartError.FAIL, web.onStartError());
    assertEquals(
        new Everything(
            "x: # y",
            7,
            9_000_000_000L,
            0.75,
            true,
            Duration.ofMinutes(5),
            Mode.VERY_SLOW,
            List.of("a", "b,c"),
            Map.of("Accept", "*/*"),
            Map.of("a", 3)),
        settings(config, "web"));
    assertEquals(List.of(), config.warnings());
  }

  @Test
  void aLoginMayStandBesideNats() {
    String yaml = "orchestrator: {auth: {username: \"${NATS_USER}\", password: \"pa$$word\"}}";
    CollectorsConfig config = Configs.read(yaml, KINDS, Map.of("NATS_USER", "me"));
    assertEquals(new Login("me", "pa$word", ""), config.orchestrator().login());
    assertFalse(config.describe().contains("pa$word"), config.describe());
    assertFalse(String.valueOf(config.orchestrator().login()).contains("pa$word"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "orchestrator: {workers: 0} | orchestrator.workers (test.yaml:1): got \"0\", want a number from 1 to 64",
        "orchestrator: {workers: 65} | orchestrator.workers (test.yaml:1): got \"65\", want a number from 1 to 64",
        "orchestrator: {workers: four} | orchestrator.workers (test.yaml:1): got \"four\", want a whole number",
        "orchestrator: {workers: [1]} | orchestrator.workers (test.yaml:1): got a list, want a single value",
        "orchestrator: {worker: 4} | orchestrator.worker (test.yaml:1): unknown key, did you mean orchestrator.workers?",
        "orchestrator: {workers: 4, workers: 5} | orchestrator.workers (test.yaml:1): this key was already used at test.yaml:1",
        "orchestrator: {buffer_size: 99} | orchestrator.buffer_size (test.yaml:1): got \"99\", want a number from 100 to",
        "orchestrator: {buffer_size: 100001} | orchestrator.buffer_size (test.yaml:1): got \"100001\", want a number",
        "orchestrator: {buffer_bytes: -1MiB} | orchestrator.buffer_bytes (test.yaml:1): got \"-1MiB\", want a size with",
        "orchestrator: {spill_max_bytes: 1B} | orchestrator.spill_max_bytes (test.yaml:1): got \"1B\", want at least 1MiB",
        "orchestrator: {log_level: loud} | orchestrator.log_level (test.yaml:1): got \"loud\", want one of trace, debug",
        "orchestrator: {drain_timeout: 10} | orchestrator.drain_timeout (test.yaml:1): got \"10\", want a duration with",
        "orchestrator: [] | orchestrator (test.yaml:1): got a list, want a section",
        "orchestrator: {nats: x} | orchestrator.nats (test.yaml:1): got a single value, want a section",
        "orchestrator: {nats: {url: \"nats://u:p@a:1\"}} | orchestrator.nats.url (test.yaml:1): got \"nats://***@a:1\", want nats://host:port without",
        "orchestrator: {nats: {url: \"\"}} | orchestrator.nats.url (test.yaml:1): got \"[]\", want at least one",
        "orchestrator: {nats: {subject: \"a.>\"}} | orchestrator.nats.subject (test.yaml:1): got \"a.>\", want a subject without",
        "orchestrator: {nats: {subject: \"a.{host}\"}} | orchestrator.nats.subject (test.yaml:1): got \"a.{host}\", want a subject",
        "orchestrator: {nats: {jetstream: maybe}} | orchestrator.nats.jetstream (test.yaml:1): got \"maybe\", want one of auto, on, off",
        "orchestrator: {nats: {auth_enabled: true}} | orchestrator.nats.auth_enabled (test.yaml:1): got \"true\", want username and password, or token",
        "orchestrator: {nats: {auth_enabled: true, username: a, password: b, token: c}} | orchestrator.nats.token (test.yaml:1): got \"***\", want either a token, or a username",
        "orchestrator: {nats: {auth_enabled: true, username: a}} | orchestrator.nats.password: got \"\", want a password where there is a username",
        "orchestrator: {auth: {token: a}, nats: {token: b}} | orchestrator.auth (test.yaml:1): there is a login in orchestrator.nats too",
        "orchestrator: {routes: {a: b}} | orchestrator.routes (test.yaml:1): got a section, want a list of sections",
        "orchestrator: {routes: [a]} | orchestrator.routes[0] (test.yaml:1): got a single value, want a section",
        "orchestrator: {routes: [{type: a}]} | orchestrator.routes[0] (test.yaml:1): got neither, want either a subject or an action",
        "orchestrator: {routes: [{subject: a, action: b}]} | orchestrator.routes[0] (test.yaml:1): got both, want either",
        "orchestrator: {routes: [{subject: a, severity: bad}]} | orchestrator.routes[0].severity (test.yaml:1): got \"bad\", want one of debug",
        "orchestrator: {routes: [{subject: a, subjet: b}]} | orchestrator.routes[0].subjet (test.yaml:1): unknown key, did you mean orchestrator.routes[0].subject?",
        "orchestrator: {database: \"${NO}\"} | orchestrator.database (test.yaml:1): variable NO is not set, want it set or a default: ${NO:-value}",
        "orchestrator: {database: \"${}\"} | orchestrator.database (test.yaml:1): cannot read \"${}\", want ${NAME}, ${NAME:-otherwise}, or $$ for a $",
        "orchestrator: {database: \"${A?x}\"} | orchestrator.database (test.yaml:1): cannot read \"${A?x}\", want",
        "orchestrator: {database: \"${A\"} | orchestrator.database (test.yaml:1): cannot read \"${A\", want",
        "orchestrator: {database: \"${A:-${B}}\"} | orchestrator.database (test.yaml:1): cannot read \"${A:-${B}\", want",
        "orchestrator: {database: \"$A\"} | orchestrator.database (test.yaml:1): cannot read \"$A\", want",
        "orchestrator: {nats: {password: \"hun$ter\"}} | orchestrator.nats.password (test.yaml:1): cannot read \"***\", want",
        "collectors: [kernel] | collectors (test.yaml:1): got a list, want a section",
        "collectors: {kernel: true} | collectors.kernel (test.yaml:1): got a single value, want a section",
        "collectors: {kernal: {enabled: true}} | collectors.kernal (test.yaml:1): there is no kind \"kernal\", did you mean kernel?",
        "collectors: {a: {enabled: true, kind: kubelt}} | collectors.a (test.yaml:1): there is no kind \"kubelt\", did you mean kubelet?",
        "collectors: {a.b: {enabled: true, kind: kernel}} | collectors.a.b (test.yaml:1): cannot be the name of a collector",
        "collectors: {kernel: {enabled: maybe}} | collectors.kernel.enabled (test.yaml:1): got \"maybe\", want true or false",
        "collectors: {kernel: {enable: true, enabled: true}} | collectors.kernel.enable (test.yaml:1): unknown key, did you mean collectors.kernel.enabled?",
        "collectors: {kernel: {enabled: true, poll_interval: 5s}} | collectors.kernel.poll_interval (test.yaml:1): unknown key, did you mean collectors.kernel.config.poll_interval?",
        "collectors: {kernel: {enabled: true, config: 5}} | collectors.kernel.config (test.yaml:1): got a single value, want a section",
        "collectors: {kernel: {enabled: true, config: {pol_interval: 5s}}} | collectors.kernel.config.pol_interval (test.yaml:1): unknown key, did you mean collectors.kernel.config.poll_interval?",
        "collectors: {kernel: {enabled: true, config: {poll_interval: 5}}} | collectors.kernel.config.poll_interval (test.yaml:1): got \"5\", want a duration",
        "collectors: {kernel: {enabled: true, config: {buffer_size: 1}}} | collectors.kernel.config.buffer_size (test.yaml:1): got \"1\", want a number from 100",
        "collectors: {dns: {enabled: true, config: {names: {a: b}}}} | collectors.dns.config.names (test.yaml:1): got a section, want a list",
        "collectors: {dns: {enabled: true, config: {weights: {a: b}}}} | collectors.dns.config.weights.a (test.yaml:1): got \"b\", want a whole number",
        "collectors: {dns: {enabled: true, when_full: explode}} | collectors.dns.when_full (test.yaml:1): got \"explode\", want one of block, drop-newest, drop-oldest, spill",
        "collectors: {dns: {enabled: true, sample: 0}} | collectors.dns.sample (test.yaml:1): got \"0.0\", want a number above 0",
        "collectors: {http: {enabled: false, config: {url: \"ftp://x\"}}} | collectors.http.config (test.yaml:1): url must not be ftp",
        "collectors: {http: {enabled: true}} | collectors.http.config (test.yaml:1): url is not set, want one",
        "collectors: {kernel: {enabled: &a true, sample: *a}} | collectors.kernel.sample (test.yaml:1): want the value itself, aliases",
        "collectors: {kernel | test.yaml:1: not YAML",
      })
  void eachMistakeNamesTheLineWhatWasGotAndWhatIsWanted(String yaml, String mistake) {
    List<String> mistakes = Configs.mistakes(yaml, KINDS);
    assertEquals(1, mistakes.size(), mistakes::toString);
    assertTrue(mistakes.getFirst().startsWith(mistake), mistakes::toString);
  }

  @Test
  void aTabIsNotYaml() {
    List<String> mistakes = Configs.mistakes("collectors:\n\tkernel: {}\n", KINDS);
    assertEquals(1, mistakes.size(), mistakes::toString);
    assertTrue(mistakes.getFirst().startsWith("test.yaml:2: not YAML: "), mistakes::toString);
  }

  @Test
  void aSecondDocumentIsRefused() {
    assertEquals(
        List.of("test.yaml:3: a second document begins, want one"),
        Configs.mistakes("collectors:\n---\ncollectors: {}\n", KINDS));
  }

  @Test
  void allMistakesAreReportedAtOnce() {
    List<String> mistakes =
        Configs.mistakes(
            """
            orchestrator:
              workers: 65
              nats:
                url: "${NATS}"
                auth_enabled: true
            collectors:
              kernal:
                enabled: true
              kubelet:
                enabled: true
                config:
                  poll_intervall: 3s
                  insecure: 3
              kubelet:
                enabled: true
            """,
            KINDS);
    assertEquals(
        List.of(
            "collectors.kubelet (test.yaml:14): this key was already used at test.yaml:9",
            "orchestrator.nats.url (test.yaml:4): variable NATS is not set, want it set or a"
                + " default: ${NATS:-value}",
            "orchestrator.nats.auth_enabled (test.yaml:5): got \"true\", want username and"
                + " password, or token, beside it",
            "orchestrator.workers (test.yaml:2): got \"65\", want a number from 1 to 64",
            "collectors.kernal (test.yaml:7): there is no kind \"kernal\", did you mean kernel?"),
        mistakes);
  }

  @Test
  void aSectionThatIsNotEnabledIsForgivenMuch() {
    CollectorsConfig config =
        Configs.read(
            """
            collectors:
              systemd:
                enabled: false
                config: {anything: true}
              etcd:
              http:
                enabled: false
            """,
            KINDS);
    assertEquals(
        List.of(
            "collectors.systemd (test.yaml:2): does not run, and there is no kind \"systemd\", did"
                + " you mean dns?",
            "collectors.etcd (test.yaml:5): does not run, because enabled is not set; want true or"
                + " false",
            "collectors.etcd (test.yaml:5): does not run, and there is no kind \"etcd\", did you"
                + " mean http?",
            "collectors: none is enabled"),
        config.warnings());
    assertNull(collector(config, "systemd").made());
    assertEquals("there is no kind \"systemd\"", collector(config, "systemd").refusal());
    assertEquals("url is not set, want one", collector(config, "http").refusal());
  }

  @Test
  void whatIsPrintedReadsBackAndSaysWhereItWasSet() {
    CollectorsConfig config =
        Configs.read(
            """
            orchestrator:
              workers: 7
              routes: [{type: "a b", subject: "x.{type}"}]
            collectors:
              dns:
                enabled: true
                config: {names: ["*.a", b], headers: {Authorization: Bearer hunter2}}
            """,
            KINDS);
    String printed = config.describe();
    assertTrue(printed.contains("  workers: 7  # test.yaml:2"), printed);
    assertTrue(printed.contains("      names: [\"*.a\", b]  # test.yaml:7"), printed);
    assertFalse(printed.contains("hunter2"), printed);
    CollectorsConfig again = Configs.read(printed.replace("***", "Bearer hunter2"), KINDS);
    assertEquals(config.collectors(), again.collectors());
    assertEquals(config.orchestrator(), again.orchestrator());
    assertEquals(config.hash(config), again.hash(again));
    assertTrue(config.changes().contains("orchestrator.workers=7 from test.yaml:2"));
  }

  @Test
  void theHashTellsConfigurationsApart() {
    CollectorsConfig one = Configs.read("collectors: {dns: {enabled: true}}", KINDS);
    CollectorsConfig other =
        Configs.read("collectors: {dns: {enabled: true, config: {count: 2}}}", KINDS);
    assertNotEquals(one.hash(one), other.hash(other));
    CollectorsConfig workers = Configs.read("orchestrator: {workers: 5}", KINDS);
    assertEquals(List.of("orchestrator.workers"), one.orchestratorChanges(workers));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "orchestrator:", "collectors:", "orchestrator:\n  nats:\n"})
  void sectionsWithoutAValueAreAsIfNotThere(String yaml) {
    CollectorsConfig config = Configs.read(yaml, KINDS);
    assertEquals(OrchestratorConfig.DEFAULTS, config.orchestrator());
    assertEquals(List.of("collectors: none is enabled"), config.warnings());
  }

  private static CollectorConfig collector(CollectorsConfig config, String name) {
    return Objects.requireNonNull(config.collectors().get(name), name);
  }

  private static Record settings(CollectorsConfig config, String name) {
    return Objects.requireNonNull(collector(config, name).made(), name).settings();
  }

  private static String seed(String name) {
    try (InputStream in =
        CollectorsReaderTest.class.getResourceAsStream("/seed/" + name + ".yaml")) {
      assertNotNull(in);
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
