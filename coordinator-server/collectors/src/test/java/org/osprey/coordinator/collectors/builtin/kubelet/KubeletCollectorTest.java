package org.osprey.coordinator.collectors.builtin.kubelet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.osprey.coordinator.collectors.builtin.RecordingEmitter.attribute;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.collector.Collector;
import org.osprey.coordinator.collector.Event;
import org.osprey.coordinator.collector.Severity;
import org.osprey.coordinator.collectors.builtin.FakeContext;
import org.osprey.coordinator.collectors.builtin.RecordingEmitter;
import org.osprey.coordinator.collectors.builtin.StubServer;

class KubeletCollectorTest {
  private static final String NO_PODS = "{\"items\":[]}";
  private static final String RUNNING =
      pod("a", "Running", "{\"name\":\"main\",\"restartCount\":2,\"state\":{\"running\":{}}}");

  @TempDir private static Path folder;

  private final FakeContext context = new FakeContext("kubelet");
  private final RecordingEmitter emitter = new RecordingEmitter();
  private Path authority;
  private StubServer server;

  @BeforeEach
  void serve() throws Exception {
    authority = folder.resolve("ca.pem");
    server = StubServer.https(authority);
    server.answer("/pods", 200, NO_PODS);
    server.answer("/stats/summary", 200, "{\"pods\":[]}");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void podsAreToldWhenTheyComeChangeAndGo() throws Exception {
    try (Collector kubelet = start(config(Duration.ofSeconds(30)))) {
      context.poll();
      assertEquals(List.of(), emitter.takeTypes());
      server.answer("/pods", 200, pods(pod("a", "Pending", "")));
      context.poll();
      Event added = emitter.take().getFirst();
      assertEquals("kubelet.pod_added", added.type());
      assertEquals("shop", attribute(added, "namespace"));
      assertEquals("pod-a", attribute(added, "pod"));
      server.answer("/pods", 200, pods(pod("a", "Failed", "")));
      context.poll();
      Event changed = emitter.take().getFirst();
      assertEquals("kubelet.pod_changed", changed.type());
      assertEquals("Pending", attribute(changed, "previous_phase"));
      assertEquals(Severity.WARNING, changed.severity());
      server.answer("/pods", 200, NO_PODS);
      context.poll();
      assertEquals(List.of("kubelet.pod_removed"), emitter.takeTypes());
      assertTrue(kubelet.health().healthy());
    }
  }

  @Test
  void podsOfTheFirstPollAreNotToldAndTheirPastNeither() throws Exception {
    String past =
        "{\"name\":\"main\",\"restartCount\":2,\"lastState\":{\"terminated\":"
            + "{\"reason\":\"OOMKilled\",\"finishedAt\":\"t1\"}},\"state\":{\"running\":{}}}";
    server.answer("/pods", 200, pods(pod("a", "Running", past)));
    try (Collector kubelet = start(config(Duration.ofSeconds(30)))) {
      context.poll();
      context.poll();
      assertEquals(List.of(), emitter.takeTypes());
      assertEquals("watches 1 pods of " + server.authority(), kubelet.health().detail());
    }
  }

  @Test
  void aContainerThatIsKilledForItsMemoryIsToldOnce() throws Exception {
    server.answer("/pods", 200, pods(RUNNING));
    try (Collector kubelet = start(config(Duration.ofSeconds(30)))) {
      context.poll();
      String killed =
          "{\"name\":\"main\",\"restartCount\":3,\"lastState\":{\"terminated\":{\"exitCode\":137,"
              + "\"reason\":\"OOMKilled\",\"finishedAt\":\"t2\"}},\"state\":{\"running\":{}}}";
      server.answer("/pods", 200, pods(pod("a", "Running", killed)));
      context.poll();
      context.poll();
      List<Event> events = emitter.take();
      assertEquals(
          List.of("kubelet.oom_killed", "kubelet.container_restarted"),
          events.stream().map(Event::type).toList());
      assertEquals(Severity.ERROR, events.getFirst().severity());
      assertEquals("137", attribute(events.getFirst(), "exit_code"));
      assertEquals("main", attribute(events.getFirst(), "container"));
      assertEquals("3", attribute(events.get(1), "restarts"));
      assertTrue(kubelet.health().healthy());
    }
  }

  @Test
  void aCrashLoopIsToldWhenItBegins() throws Exception {
    String looping =
        "{\"name\":\"main\",\"restartCount\":9,"
            + "\"state\":{\"waiting\":{\"reason\":\"CrashLoopBackOff\"}}}";
    server.answer("/pods", 200, pods(pod("a", "Running", looping)));
    try (Collector kubelet = start(config(Duration.ofSeconds(30)))) {
      context.poll();
      context.poll();
      assertEquals(List.of("kubelet.crash_loop"), emitter.takeTypes());
      assertTrue(kubelet.health().healthy());
    }
  }

  @Test
  void theUseOfEachPodIsTold() throws Exception {
    server.answer(
        "/stats/summary",
        200,
        "{\"node\":{\"nodeName\":\"n1\",\"more\":[1]},\"pods\":[{\"podRef\":{\"name\":\"pod-a\","
            + "\"namespace\":\"shop\",\"uid\":\"a\"},\"cpu\":{\"usageNanoCores\":12000000},"
            + "\"memory\":{\"workingSetBytes\":4096}},{}]}");
    try (Collector kubelet = start(config(Duration.ofSeconds(30)))) {
      context.poll();
      Event stats = emitter.take().getFirst();
      assertEquals("kubelet.stats", stats.type());
      assertEquals("n1", attribute(stats, "node"));
      assertEquals("12000000", attribute(stats, "cpu_nanocores"));
      assertEquals("4096", attribute(stats, "memory_bytes"));
      assertTrue(kubelet.health().healthy());
    }
  }

  @Test
  void theTokenIsReadAgainForEachPoll() throws Exception {
    Path token = folder.resolve("token");
    Files.writeString(token, "one\n");
    KubeletConfig config =
        config(
            server.authority(),
            false,
            "",
            token.toString(),
            authority.toString(),
            Duration.ofSeconds(30));
    try (Collector kubelet = start(config)) {
      context.poll();
      assertEquals(List.of("Bearer one"), server.takeRequests().getFirst().login());
      Files.writeString(token, "two\n");
      context.poll();
      assertEquals(List.of("Bearer two"), server.takeRequests().getFirst().login());
      Files.delete(token);
      context.poll();
      assertFailed("/pods", "token_file: cannot read " + token);
      assertFalse(kubelet.health().healthy());
    }
  }

  @Test
  void aTokenIsNotSentInTheOpen() throws Exception {
    try (StubServer open = StubServer.http()) {
      open.answer("/pods", 200, NO_PODS);
      KubeletConfig config = config(open.url(""), false, "secret", "", "", Duration.ofSeconds(30));
      try (Collector kubelet = start(config)) {
        context.poll();
        assertEquals(List.of(), open.takeRequests().getFirst().login());
        assertFalse(kubelet.health().healthy());
      }
    }
  }

  @Test
  void aWrongLoginIsToldOnceAndWhenItIsRight() throws Exception {
    server.answer("/pods", 401, "Unauthorized");
    try (Collector kubelet = start(config(Duration.ofSeconds(30)))) {
      context.poll();
      context.poll();
      assertFailed("/pods", "status 401: the login is missing or wrong");
      assertFalse(kubelet.health().healthy());
      server.answer("/pods", 200, NO_PODS);
      context.poll();
      assertEquals(List.of("kubelet.recovered"), emitter.takeTypes());
      assertTrue(kubelet.health().healthy());
    }
  }

  @Test
  void statsThatAreForbiddenDoNotHoldUpThePods() throws Exception {
    server.answer("/stats/summary", 403, "no");
    try (Collector kubelet = start(config(Duration.ofSeconds(30)))) {
      context.poll();
      assertFailed("/stats/summary", "status 403: the login may not do this");
      server.answer("/pods", 200, pods(RUNNING));
      context.poll();
      assertEquals("kubelet.pod_added", emitter.take().getFirst().type());
      assertFalse(kubelet.health().healthy());
    }
  }

  @Test
  void podsAreNotTakenForGoneWhileTheKubeletFails() throws Exception {
    server.answer("/pods", 200, pods(RUNNING));
    try (Collector kubelet = start(config(Duration.ofSeconds(30)))) {
      context.poll();
      server.answer("/pods", 200, "{\"items\":[{\"metadata\":");
      context.poll();
      assertFailed("/pods", "want the JSON of a kubelet, got something else");
      server.answer("/pods", 200, pods(RUNNING));
      context.poll();
      assertEquals(List.of("kubelet.recovered"), emitter.takeTypes());
      assertTrue(kubelet.health().healthy());
    }
  }

  @Test
  void anAnswerThatNeverEndsIsGivenUp() throws Exception {
    server.stall("/pods");
    try (Collector kubelet = start(config(Duration.ofSeconds(1)))) {
      context.poll();
      assertFailed("/pods", "no answer within 1s");
      assertFalse(kubelet.health().healthy());
    }
  }

  @Test
  void anAnswerThatIsTooLongIsGivenUp() throws Exception {
    server.answer("/pods", 200, "\"" + "x".repeat(33 << 20) + "\"");
    try (Collector kubelet = start(config(Duration.ofSeconds(60)))) {
      context.poll();
      assertFailed("/pods", "the answer is longer than 33554432 bytes");
      assertFalse(kubelet.health().healthy());
    }
  }

  @Test
  void aServerThatNobodyVouchesForIsRefusedUnlessInsecure() throws Exception {
    KubeletConfig strict = config(server.authority(), false, "", "", "", Duration.ofSeconds(30));
    try (Collector kubelet = start(strict)) {
      context.poll();
      assertTrue(
          attribute(emitter.take().getFirst(), "reason").startsWith("TLS: "),
          kubelet.health().detail());
    }
    FakeContext other = new FakeContext("other");
    // nor is its certificate for this name
    String address = server.authority().replace("localhost", "127.0.0.1");
    KubeletConfig insecure = config(address, true, "", "", "", Duration.ofSeconds(30));
    try (Collector kubelet = new KubeletKind().create(insecure, other)) {
      kubelet.start(emitter);
      other.poll();
      assertTrue(kubelet.health().healthy(), kubelet.health().detail());
    }
  }

  @Test
  void certificatesThatAreNoneAreRefusedAtTheStart() throws Exception {
    Path nonsense = folder.resolve("nonsense.pem");
    Files.writeString(nonsense, "nothing");
    KubeletConfig config =
        config(server.authority(), false, "", "", nonsense.toString(), Duration.ofSeconds(1));
    try (Collector kubelet = new KubeletKind().create(config, context)) {
      IOException refused = assertThrows(IOException.class, () -> kubelet.start(emitter));
      assertTrue(String.valueOf(refused.getMessage()).startsWith("ca_file: want"));
    }
  }

  @Test
  void refusalsNameTheKey() {
    for (String address : List.of("", "host:10250/pods", "ftp://host", "a b", "u:p@host:1")) {
      assertThrows(
          IllegalArgumentException.class,
          () -> config(address, false, "", "", "", Duration.ofSeconds(1)),
          address);
    }
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> config("host:1", false, "a", "b", "", Duration.ZERO));
    for (String key : List.of("timeout", "token_file")) {
      assertTrue(String.valueOf(refused.getMessage()).contains(key + ": want"), refused.toString());
    }
  }

  private Collector start(KubeletConfig config) throws Exception {
    Collector kubelet = new KubeletKind().create(config, context);
    kubelet.start(emitter);
    return kubelet;
  }

  private KubeletConfig config(Duration timeout) {
    return config(server.authority(), false, "secret", "", authority.toString(), timeout);
  }

  private static KubeletConfig config(
      String address,
      boolean insecure,
      String token,
      String tokenFile,
      String caFile,
      Duration timeout) {
    return new KubeletConfig(
        address, insecure, Duration.ofSeconds(30), timeout, token, tokenFile, caFile, true);
  }

  private void assertFailed(String path, String reason) {
    List<Event> events =
        emitter.take().stream().filter(event -> attribute(event, "path").equals(path)).toList();
    assertEquals(1, events.size(), events.toString());
    assertEquals("kubelet.failed", events.getFirst().type());
    assertEquals(reason, attribute(events.getFirst(), "reason"));
  }

  private static String pods(String... pods) {
    return "{\"kind\":\"PodList\",\"items\":[" + String.join(",", pods) + "]}";
  }

  private static String pod(String uid, String phase, String container) {
    return """
        {"metadata": {"uid": "%s", "name": "pod-%s", "namespace": "shop", "labels": {"x": "y"}},
         "spec": {"containers": []},
         "status": {"phase": "%s", "containerStatuses": [%s]}}
        """
        .formatted(uid, uid, phase, container);
  }
}
