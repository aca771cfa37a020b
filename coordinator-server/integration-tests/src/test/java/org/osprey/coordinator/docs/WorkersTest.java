package org.osprey.coordinator.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.app.Composition;
import org.osprey.coordinator.app.Coordinator;
import org.osprey.coordinator.app.config.ConfigLoader;

/** The workers that the pages show in other languages give verdicts, and leave in good order. */
class WorkersTest {
  /** With gRPC in it, which the tests of foreign clients make. */
  private static final Path PYTHON =
      Document.ROOT.resolve(".venv/foreign-clients/grpcio-newest/venv/bin/python");

  private static final Path EXAMPLES = Document.ROOT.resolve("docs/examples");

  /** The first build of gRPC for Go takes a minute, so only whoever asks for it has it built. */
  private static final boolean GO = Boolean.getBoolean("go.worker");

  @TempDir private Path folder;

  @Test
  void theOneInPython() throws Exception {
    assumeTrue(Files.exists(PYTHON), "no Python with gRPC; test.sh makes one");
    ProcessBuilder worker = new ProcessBuilder(script("python-worker/run.sh"));
    worker.environment().put("PYTHON", PYTHON.toString());
    worker.environment().put("STUBS", folder.resolve("stubs").toString());
    givesVerdicts(worker);
  }

  @Test
  void theOneInGo() throws Exception {
    assumeTrue(GO, "-Dgo.worker=true builds it");
    Path built = folder.resolve("worker");
    Process build =
        new ProcessBuilder(script("go-worker/build.sh"), built.toString()).inheritIO().start();
    assertTrue(build.waitFor(10, TimeUnit.MINUTES));
    assertEquals(0, build.exitValue());
    givesVerdicts(new ProcessBuilder(built.toString()));
  }

  private void givesVerdicts(ProcessBuilder worker) throws Exception {
    Path log = folder.resolve("worker.log");
    Coordinator coordinator = Composition.compose(ConfigLoader.load(settings(), Map.of()).config());
    Process process = null;
    try {
      coordinator.start();
      worker.command().add("127.0.0.1:" + coordinator.workerPort());
      process = worker.redirectErrorStream(true).redirectOutput(log.toFile()).start();
      assertEquals("[\"internal_ip\"]", verdicts(coordinator, "192.168.1.1"), () -> text(log));
      assertEquals("[\"seen\"]", verdicts(coordinator, "192.0.2.1"));
      process.destroy();
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
      assertEquals(0, process.exitValue(), () -> text(log));
      assertEquals("", text(log));
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> coordinator.dispatcher().stats().connected() == 0);
    } finally {
      if (process != null) {
        process.destroyForcibly();
      }
      coordinator.close();
    }
  }

  private Path settings() throws IOException {
    return Files.writeString(
        folder.resolve("settings.yaml"),
        """
        rpc: {bindAddress: 127.0.0.1, workerPort: 0, syncPort: 0}
        http: {bindAddress: 127.0.0.1, port: 0}
        database: {file: "%s"}
        startup: {warmUp: 0s}
        shutdown: {drain: 1s}
        """
            .formatted(folder.resolve("coordinator.db")));
  }

  /** As they stand in the answer. */
  private static String verdicts(Coordinator coordinator, String address) throws Exception {
    String action =
        "{\"name\": \"user_login\", \"data\": {\"ip_address\": \"%s\"}}".formatted(address);
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + coordinator.httpPort() + "/api/actions"))
            .timeout(Duration.ofMinutes(2))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(action))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      String answer = client.send(request, BodyHandlers.ofString()).body();
      int at = answer.indexOf('[');
      return at < 0 ? answer : answer.substring(at, answer.indexOf(']') + 1);
    }
  }

  private static String script(String name) {
    return EXAMPLES.resolve(name).toString();
  }

  private static String text(Path log) {
    try {
      return Files.readString(log, UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
