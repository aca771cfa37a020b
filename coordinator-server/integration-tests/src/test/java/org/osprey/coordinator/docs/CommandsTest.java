package org.osprey.coordinator.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.app.config.ConfigLoader;
import org.osprey.coordinator.docs.Document.Block;
import org.osprey.coordinator.docs.Document.Piece;
import org.osprey.coordinator.docs.Holding.ByTest;
import org.osprey.coordinator.docs.Holding.Entry;
import org.osprey.coordinator.docs.Holding.NotHere;
import org.osprey.coordinator.docs.Holding.Run;
import org.osprey.coordinator.docs.Holding.Way;
import org.osprey.coordinator.settings.ConfigException;

/**
 * Each command of each document does what it says, or it is stated who shows that, or why nobody
 * can.
 */
class CommandsTest {
  private static final int AT_LEAST = 80;

  @Test
  void eachIsHeld(@TempDir Path folder) throws Exception {
    List<String> bad = new ArrayList<>();
    Map<String, Integer> counts = new TreeMap<>();
    try (RunningCoordinator coordinator = new RunningCoordinator(folder)) {
      for (Document document : Document.all()) {
        Runner runner = new Runner(coordinator, folder);
        for (ShellCommand command : ShellCommand.of(document)) {
          try {
            counts.merge(hold(command, runner), 1, Integer::sum);
          } catch (AssertionError e) {
            bad.add(command.piece() + ": " + e.getMessage());
          }
        }
      }
    }
    assertEquals(List.of(), bad);
    int all = counts.values().stream().mapToInt(Integer::intValue).sum();
    assertTrue(all > AT_LEAST, "commands found: " + all);
    System.out.println("commands=" + all + " " + counts);
  }

  @Test
  void aCommandIsWhatAShellMakesOfIt() {
    List<ShellCommand> commands =
        ShellCommand.of(
            new Block(
                "bash",
                new Piece(
                    Document.parse(Document.ROOT.resolve("some.md"), ""),
                    7,
                    """
                    A=1 B='two words' ./start.sh \\
                      --tasks   # with a remark

                    # nothing but a remark
                    curl "localhost:1/a#b" -d '{
                      "text": "it # stays"
                    }' -H a\\ b
                    """)));
    assertEquals(List.of(7, 11), commands.stream().map(c -> c.piece().line()).toList());
    assertEquals(List.of("./start.sh", "--tasks"), commands.getFirst().program());
    assertEquals(Map.of("A", "1", "B", "two words"), commands.getFirst().assignments());
    assertEquals(
        List.of("curl", "localhost:1/a#b", "-d", "{\n  \"text\": \"it # stays\"\n}", "-H", "a b"),
        commands.getLast().program());
  }

  @Test
  void commandsInSentencesAreFound() {
    Document document =
        Document.parse(
            Document.ROOT.resolve("some.md"),
            """
            | run | `A=b ./start.sh --tasks`, `./coordctl top`, `coordctl tasks`, `USE_KAFKA=true` |
            and `start.sh`, `scripts/upgrade.sh`, `scripts/upgrade.sh COMMIT`, `a = 1`, `--tasks`,
            `kafka.topic`, `sources: [kafka]`, `curl`
            """);
    assertEquals(
        List.of(
            "A=b ./start.sh --tasks",
            "./coordctl top",
            "coordctl tasks",
            "USE_KAFKA=true",
            "scripts/upgrade.sh COMMIT"),
        ShellCommand.of(document).stream().map(ShellCommand::text).toList());
  }

  @Test
  void whatNobodyHoldsFails() {
    assertEquals("nobody holds this command", failure("rm -rf /"));
    assertEquals("nobody holds this command", failure("./start.sh --fast"));
    assertEquals("nobody knows the variable KAFKA_BROKER", failure("KAFKA_BROKER=a:1 ./start.sh"));
    assertTrue(failure("OSPREY_COORDINATOR_HTTP_PORT=many ./start.sh").contains("http.port"));
  }

  private static String failure(String command) {
    Piece piece = new Piece(Document.parse(Document.ROOT.resolve("some.md"), ""), 1, command);
    return String.valueOf(
        assertThrows(AssertionError.class, () -> held(settings(new ShellCommand(piece, false))))
            .getMessage());
  }

  /**
   * @return what kind of holding it was
   */
  private static String hold(ShellCommand command, Runner runner) throws Exception {
    return switch (held(settings(command))) {
      case Run run -> {
        runner.run(run.way(), command);
        yield "run";
      }
      case ByTest other -> {
        String text = Files.readString(Document.ROOT.resolve(other.file()));
        assertTrue(text.contains(other.text()), () -> other.file() + " has no " + other.text());
        if (command.program().getFirst().equals("./coordctl")) {
          runner.run(Way.COORDCTL_HELP, command);
        }
        yield "by_another_test";
      }
      case NotHere notHere -> "cannot_run";
    };
  }

  private static Holding held(String program) {
    for (Entry entry : HeldCommands.list()) {
      if (entry.command().matcher(program).matches()) {
        return entry.holding();
      }
    }
    throw new AssertionError("nobody holds this command");
  }

  /**
   * Reads what stands before the program as the coordinator does.
   *
   * @return the command without it
   */
  private static String settings(ShellCommand command) {
    Map<String, String> assignments = command.assignments();
    for (String name : assignments.keySet()) {
      if (!Names.isVariable(name)) {
        throw new AssertionError("nobody knows the variable " + name);
      }
    }
    Map<String, String> configured = new TreeMap<>(assignments);
    configured.keySet().retainAll(Names.configured());
    try {
      ConfigLoader.load(configured);
    } catch (ConfigException e) {
      throw new AssertionError(e.mistakes().toString());
    }
    return command
        .text()
        .replaceFirst("^(?:[A-Z][A-Z0-9_]*=(?:'[^']*'|\"[^\"]*\"|\\S*)\\s*)+", "")
        .strip();
  }
}
