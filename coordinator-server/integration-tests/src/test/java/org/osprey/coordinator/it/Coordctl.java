package org.osprey.coordinator.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.ctl.command.Commands;
import org.osprey.coordinator.ctl.console.Console;
import org.osprey.coordinator.ctl.console.Terminal;
import tools.jackson.databind.JsonNode;

/** Runs commands of coordctl against a coordinator, and keeps what they print. */
final class Coordctl {
  private final String url;

  /** What a command left. */
  record Run(int status, String out, String err) {}

  Coordctl(CoordinatorTester tester) {
    this("http://127.0.0.1:" + tester.coordinator().httpPort());
  }

  Coordctl(String url) {
    this.url = url;
  }

  /**
   * @param command with blanks between its words
   */
  Run run(String command) {
    return run(List.of(command.split(" ")));
  }

  Run run(List<String> words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            Terminal.NONE,
            Map.of("OSPREY_COORDINATOR_URL", url));
    int status = new Commands(console).run(words.toArray(String[]::new));
    console.flush();
    return new Run(status, out.toString(UTF_8), err.toString(UTF_8));
  }

  /** The table that a good command prints. */
  String table(String command) {
    Run run = run(command);
    if (run.status() != 0 || !run.err().isEmpty()) {
      throw new AssertionError(command + ": " + run);
    }
    return run.out();
  }

  /** What a good command prints for programs. */
  JsonNode json(String command) {
    List<String> words = new ArrayList<>(List.of(command.split(" ")));
    words.addAll(List.of("--output", "json"));
    Run run = run(words);
    if (run.status() != 0 || !run.err().isEmpty()) {
      throw new AssertionError(command + ": " + run);
    }
    return Json.read(run.out());
  }
}
