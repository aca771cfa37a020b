package org.osprey.coordinator.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.app.Main;
import org.osprey.coordinator.nats.NatsServer;
import org.osprey.coordinator.nats.TestNats;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorAction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a coordinator writes while actions are handled, refused, and no actions at all: each line an
 * object, the trace where there is one, and never what actions hold.
 */
class LogsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final JsonMapper JSON = new JsonMapper();
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";

  /** In payloads, secrets, and what is no action. */
  private static final String CONTENTS = "do-not-tell";

  @TempDir Path folder;

  @Test
  void linesAreObjectsWithTheTraceAndWithoutContents() throws IOException {
    try (TestNats nats = new TestNats(NatsServer.shared().url())) {
      String stream = TestNats.newName();
      nats.createStream(stream);
      try (JavaProcess coordinator = start(stream)) {
        ManagedChannel channel =
            NettyChannelBuilder.forAddress("127.0.0.1", workerPort()).usePlaintext().build();
        RawWorker worker = RawWorker.connect(channel);
        worker.handling(action -> answer(worker, action));
        publish(nats, stream + ".in", envelope(1));
        publish(nats, stream + ".in", envelope(2));
        publish(nats, stream + ".in", "no action: " + CONTENTS);
        awaitLine(line -> message(line).startsWith("storing failed"));
        awaitLine(line -> message(line).contains("action_id=2"));
        awaitLine(line -> message(line).contains("reason=UNDECODABLE"));
        awaitLine(line -> message(line).startsWith("span: name=\"hand-over\""));
        channel.shutdownNow();
        coordinator.terminate();
        coordinator.waitFor();
      }
    }
    assertFalse(log().contains(CONTENTS), () -> "contents in the log: " + log());
    assertIds(line(line -> message(line).startsWith("storing failed")));
    assertIds(line(line -> message(line).startsWith("dead letter: action_id=2")));
    String root = message(line(line -> message(line).contains("name=\"action user_login\"")));
    assertTrue(root.contains("trace_id=" + TRACE), root);
    assertTrue(root.contains("parent_id=" + PARENT), root);
    assertEquals("INFO", line(line -> message(line).startsWith("ready:")).get("level").asString());
  }

  private static void answer(RawWorker worker, OspreyCoordinatorAction action) {
    if (action.getActionId() == 2) {
      worker.nack(action);
    } else {
      worker.ack(action);
    }
  }

  private static String envelope(long id) {
    return """
        {"id":"%d","name":"user_login","data":{"a":"%s"},"secret_data":{"b":"%s"}}"""
        .formatted(id, CONTENTS, CONTENTS);
  }

  private static void publish(TestNats nats, String subject, String data) {
    nats.publish(
        subject, data.getBytes(UTF_8), Map.of("traceparent", "00-" + TRACE + "-" + PARENT + "-01"));
  }

  private static void assertIds(JsonNode line) {
    assertEquals(TRACE, line.path("trace_id").asString(""), line::toString);
    assertTrue(line.path("span_id").asString("").matches("[0-9a-f]{16}"), line::toString);
  }

  private JavaProcess start(String stream) throws IOException {
    Path config = folder.resolve("config.yaml");
    Files.writeString(
        config,
        """
        sources: [nats]
        nats:
          servers: [%s]
          stream: %s
          # No stream takes it, so that publishing fails.
          resultsSubject: nowhere.%s
        results: {sink: nats, includeVerdicts: true}
        deadLetters: {store: log}
        retries: {nacks: 1}
        rpc: {bindAddress: 127.0.0.1, workerPort: 0, syncPort: 0}
        http: {bindAddress: 127.0.0.1, port: 0}
        tracing: {exporter: log}
        logging: {level: debug}
        startup: {warmUp: 0s}
        shutdown: {drain: 1s}
        """
            .formatted(NatsServer.shared().url(), stream, stream));
    JavaProcess started =
        JavaProcess.start(
            Main.class,
            List.of(),
            List.of(
                "--config", config.toString(), "--ready-file", folder.resolve("ready").toString()),
            Map.of("OSPREY_COORDINATOR_LOG_FORMAT", "json"),
            folder.resolve("log"));
    await()
        .atMost(PATIENCE)
        .until(() -> !started.isAlive() || Files.exists(folder.resolve("ready")));
    assertTrue(started.isAlive(), this::log);
    return started;
  }

  private int workerPort() {
    return Integer.parseInt(read("ready").lines().findFirst().orElseThrow().split("=", 2)[1]);
  }

  private void awaitLine(Predicate<JsonNode> wanted) {
    await().atMost(PATIENCE).until(() -> lines().stream().anyMatch(wanted));
  }

  private JsonNode line(Predicate<JsonNode> wanted) {
    return lines().stream().filter(wanted).findFirst().orElseThrow();
  }

  /** What is no object is the JVM's own, before anything of ours. */
  private List<JsonNode> lines() {
    String log = log();
    List<String> written = log.substring(0, log.lastIndexOf('\n') + 1).lines().toList();
    return written.stream()
        .dropWhile(line -> line.startsWith("WARNING: "))
        .map(JSON::readTree)
        .collect(Collectors.toList());
  }

  private static String message(JsonNode line) {
    return Objects.requireNonNull(line.path("message").asString(""));
  }

  private String log() {
    return read("log");
  }

  private String read(String file) {
    try {
      return Files.readString(folder.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
