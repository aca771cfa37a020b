package org.osprey.coordinator.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SampleWorkerTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void theBuiltInRulesKnowTheFirstActionOfANewcomer() throws Exception {
    ReceivedAction action =
        ReceivedAction.of(
            ScriptedCoordinator.action(1, "user_login")
                .setJsonActionData(
                    ByteString.copyFromUtf8(
                        "{\"user_id\":\"user_123\",\"ip_address\":\"192.168.1.1\"}"))
                .build());
    assertEquals(
        Answer.verdicts("internal_ip", "seen"),
        SampleWorker.handler(SampleWorker.rules(null)).handle(action));
  }

  @Test
  void protobufActionsMatchByNameAlone() throws Exception {
    ReceivedAction action =
        ReceivedAction.of(
            ScriptedCoordinator.action(1, "guild_joined")
                .setProtoActionData(ByteString.copyFromUtf8("?"))
                .build());
    assertEquals(
        Answer.verdicts("seen"), SampleWorker.handler(SampleWorker.rules(null)).handle(action));
  }

  @Test
  void printsItsHelp() {
    assertEquals(0, run("--help"));
    assertTrue(text(out).contains("--target HOST:PORT"));
    assertEquals("", text(err));
  }

  @Test
  void namesTheBadArgumentInOneLine() {
    assertRefused("--target: expected HOST:PORT, got nowhere", "--target", "nowhere");
    assertRefused("--target: expected a value, got none", "--target");
    assertRefused("--streams: expected a number from 1 to 10000, got 0", "--streams", "0");
    assertRefused("--streams: expected a number from 1 to 10000, got x", "--streams", "x");
    assertRefused("--colour: unknown", "--colour");
    assertRefused("--rules: cannot read / (IOException)", "--rules", "/");
    assertRefused("--rules: there is no file /no/such/file", "--rules", "/no/such/file");
  }

  @Test
  void namesTheBadRule(@TempDir Path folder) throws IOException {
    Path rules = Files.writeString(folder.resolve("mine.txt"), "* -> seen\noops\n");
    assertRefused(rules + " line 2: there is no '->'", "--rules", rules.toString());
  }

  @Test
  void takesSeveralTargets() {
    SampleArguments parsed =
        SampleArguments.parse(List.of("--target", "a:1", "--streams", "9", "--target", "b:2"));
    assertEquals(new SampleArguments(List.of("a:1", "b:2"), 9, null, null, null, false), parsed);
    assertEquals(
        new SampleArguments(List.of("127.0.0.1:19950"), 4, null, null, null, false),
        SampleArguments.parse(List.of()));
  }

  @Test
  void takesFilesToSignInWith() {
    SampleArguments parsed = SampleArguments.parse(List.of("--ca-file", "c", "--token-file", "t"));
    assertEquals(new SampleArguments(List.of("127.0.0.1:19950"), 4, null, "c", "t", false), parsed);
    assertRefused("tls: expected a file that can be read, got /no/ca", "--ca-file", "/no/ca");
    assertRefused(
        "tokenFile: cannot read /no/token (NoSuchFileException)", "--token-file", "/no/token");
  }

  @Test
  void runsInAProcessOfItsOwnAndLeavesInOrder() throws Exception {
    try (ScriptedCoordinator coordinator = new ScriptedCoordinator()) {
      Process process = launch("--target", coordinator.target(), "--streams", "1");
      try {
        ScriptedCoordinator.Session session = coordinator.session(0);
        session.send(5, "user_login");
        assertEquals(5, session.request(1).getActionRequest().getAckOrNack().getAckId());
        process.toHandle().destroy();
        assertTrue(session.request(2).hasDisconnect());
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        List<String> lines = output.lines().toList();
        assertEquals(2, lines.size(), output);
        assertTrue(lines.get(0).contains("sample worker: 1 stream to " + coordinator.target()));
        assertTrue(
            lines.get(1).contains("closed: 1 action (1 acked, 0 nacked), 0 reconnects"), output);
      } finally {
        process.destroyForcibly();
      }
    }
  }

  private static Process launch(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                SampleWorker.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private int run(String... arguments) {
    return SampleWorker.run(
        List.of(arguments),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private void assertRefused(String start, String... arguments) {
    err.reset();
    assertEquals(2, run(arguments));
    String message = text(err);
    assertTrue(message.startsWith(start), message);
    assertEquals(1, message.lines().count());
    assertFalse(message.contains("Exception:"), message);
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
