package org.osprey.coordinator.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.app.config.ConfigLoader;

@Timeout(120)
class MainTest {
  private static final String WORKER_PORT = "OSPREY_COORDINATOR_BIDI_STREAM_PORT";
  private static final String SYNC_PORT = "OSPREY_COORDINATOR_SYNC_ACTION_PORT";
  private static final String HTTP_PORT = "OSPREY_COORDINATOR_HTTP_PORT";

  @TempDir private Path folder;
  @TempDir private Path data;

  /** What a run left on the console, and its exit status. */
  private record Run(int status, String out, String err) {}

  @Test
  void helpIsPrintedWhateverElseIsAsked() {
    assertEquals(new Run(0, Arguments.USAGE, ""), run("--help"));
    assertEquals(new Run(0, Arguments.USAGE, ""), run("--config", "none", "-h"));
  }

  @Test
  void anUnknownArgumentIsBadUsage() {
    assertEquals(new Run(2, "", lines("coordinator: unknown argument: --prot")), run("--prot"));
  }

  @Test
  void aMissingValueIsBadUsage() {
    assertEquals(new Run(2, "", lines("coordinator: --config needs a file")), run("--config"));
  }

  @Test
  void aMissingFileIsNamed() {
    String file = folder.resolve("none.yaml").toString();
    assertEquals(
        new Run(2, "", lines("coordinator: --config " + file + ": there is no such file")),
        run("--config", file));
  }

  @Test
  void allMistakesOfTheConfigurationAreNamedAtOnce() throws IOException {
    Path file = folder.resolve("bad.yaml");
    Files.writeString(file, "rpc:\n  eventLoops: 0\nleases:\n  tim: 60s\n");
    assertEquals(
        new Run(
            2,
            "",
            lines(
                "coordinator: OSPREY_COORDINATOR_SYNC_ACTION_PORT (rpc.syncPort): got \"high\","
                    + " want a whole number, at most 2147483647",
                "coordinator: rpc.eventLoops (bad.yaml:2): got \"0\", want a number from 1 to"
                    + " 1024",
                "coordinator: leases.tim (bad.yaml:4): unknown key, did you mean leases.time?")),
        run(Map.of(SYNC_PORT, "high"), "--config", file.toString()));
  }

  @Test
  void theEffectiveConfigurationIsPrintedAndNothingStarts() {
    Map<String, String> environment = Map.of(WORKER_PORT, "12345");
    Run run = run(environment, "--print-config");
    assertEquals(new Run(0, ConfigLoader.load(environment).describe(), ""), run);
    assertTrue(run.out().contains("workerPort: 12345"), run.out());
  }

  @Test
  void aTakenWorkerPortEndsTheProcess() throws IOException {
    assertTakenPort("worker", WORKER_PORT);
  }

  @Test
  void aTakenSyncPortEndsTheProcess() throws IOException {
    assertTakenPort("sync", SYNC_PORT);
  }

  @Test
  void aTakenHttpPortEndsTheProcess() throws IOException {
    assertTakenPort("HTTP", HTTP_PORT);
  }

  @Test
  void aReadyFileThatCannotBeWrittenIsNamed() {
    String file = folder.resolve("no-folder").resolve("ready").toString();
    Run run = run(freePorts(), "--ready-file", file);
    assertEquals(1, run.status());
    assertEquals(
        lines(
            "coordinator: --ready-file %s: can't be written: %s: %s.draft"
                .formatted(file, "java.nio.file.NoSuchFileException", file)),
        run.err());
  }

  @Test
  void runsUntilItIsInterrupted() throws Exception {
    Path ready = folder.resolve("ready");
    CompletableFuture<Run> ended = new CompletableFuture<>();
    Thread main =
        new Thread(() -> ended.complete(run(freePorts(), "--ready-file", ready.toString())));
    main.start();
    await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(ready) || ended.isDone());

    Map<String, Integer> ports =
        Files.readAllLines(ready).stream()
            .map(line -> line.split("="))
            .collect(Collectors.toMap(pair -> pair[0], pair -> Integer.valueOf(pair[1])));
    assertEquals(Set.of("worker_port", "sync_port", "http_port"), ports.keySet());
    ports.values().forEach(MainTest::assertAccepts);
    main.interrupt();

    assertEquals(0, ended.get(60, TimeUnit.SECONDS).status());
    assertEquals(Set.of(ready), Set.copyOf(files()));
  }

  private void assertTakenPort(String name, String variable) throws IOException {
    Set<Thread> before = nonDaemons();
    try (ServerSocket taken = new ServerSocket(0)) {
      Map<String, String> environment = new HashMap<>(freePorts());
      environment.put(variable, Integer.toString(taken.getLocalPort()));
      assertEquals(
          new Run(
              1,
              "",
              lines(
                  "coordinator: cannot open the %s port 0.0.0.0:%d: Address already in use"
                      .formatted(name, taken.getLocalPort()))),
          run(environment));
    }
    // Netty has a thread of its own for all event loops, which ends by itself when none is left.
    await()
        .pollInSameThread()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertEquals(Set.of(), without(before, nonDaemons())));
  }

  private static Set<Thread> without(Set<Thread> before, Set<Thread> now) {
    return now.stream().filter(thread -> !before.contains(thread)).collect(Collectors.toSet());
  }

  private static void assertAccepts(int port) {
    assertDoesNotThrow(() -> new Socket(InetAddress.getLoopbackAddress(), port).close());
  }

  private static Set<Thread> nonDaemons() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !thread.isDaemon())
        .collect(Collectors.toSet());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private Map<String, String> freePorts() {
    String database = data.resolve("coordinator.db").toString();
    return Map.of(
        WORKER_PORT,
        "0",
        SYNC_PORT,
        "0",
        HTTP_PORT,
        "0",
        "OSPREY_COORDINATOR_DATABASE_FILE",
        database);
  }

  private static Run run(String... arguments) {
    return run(Map.of(), arguments);
  }

  private static Run run(Map<String, String> environment, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        Main.run(
            List.of(arguments),
            environment,
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8));
    return new Run(status, out.toString(UTF_8), err.toString(UTF_8));
  }

  private static String lines(String... lines) {
    return String.join(System.lineSeparator(), lines) + System.lineSeparator();
  }
}
