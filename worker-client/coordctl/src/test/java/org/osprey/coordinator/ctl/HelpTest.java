package org.osprey.coordinator.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.osprey.coordinator.ctl.command.Commands;
import org.osprey.coordinator.ctl.console.Console;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.console.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** Every command explains itself, and can be completed. */
class HelpTest {
  @TempDir private Path folder;

  static Stream<CommandSpec> commands() {
    Console console = new Console(System.in, System.out, System.err, Terminal.NONE, Map.of());
    List<CommandSpec> specs = new ArrayList<>();
    collect(new Commands(console).commandLine(), specs);
    return specs.stream();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandAndEverythingItTakesIsDescribed(CommandSpec command) {
    assertTrue(command.usageMessage().description().length > 0, command.qualifiedName());
    for (ArgSpec argument : command.args()) {
      assertTrue(argument.description().length > 0, command.qualifiedName() + " " + argument);
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandPrintsItsHelp(CommandSpec command) {
    List<String> words = new ArrayList<>(List.of(command.qualifiedName().split(" ")));
    words.removeFirst();
    words.add("--help");
    Shell.Run run = new Shell().run(words.toArray(String[]::new));
    assertEquals(0, run.status());
    assertEquals("", run.err());
    assertTrue(run.out().startsWith("Usage: " + command.qualifiedName() + " "), run.out());
    assertTrue(run.out().contains("--url=URL"), run.out());
    for (Exit exit : Exit.values()) {
      assertTrue(run.out().contains("\n  " + exit.status() + "   "), run.out());
    }
    assertFalse(run.out().contains("${"), run.out());
    assertTrue(run.out().lines().allMatch(line -> line.length() <= 80), run.out());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandIsInTheReadme(CommandSpec command) throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    String name = command.qualifiedName().replaceFirst("^coordctl ?", "");
    assertTrue(name.isEmpty() || readme.contains("`" + name), name);
  }

  @Test
  void withoutACommandTheUsageIsAnError() {
    Shell.Run run = new Shell().run();
    assertEquals(2, run.status());
    assertEquals("", run.out());
    assertTrue(run.err().startsWith("Usage: coordctl "), run.err());
  }

  @Test
  void aTypoIsNamed() {
    Shell.Run run = new Shell().run("workers", "--limt", "1");
    assertEquals(2, run.status());
    assertTrue(run.err().startsWith("coordctl: Unknown options: '--limt', '1'"), run.err());
    assertTrue(run.err().contains("Try 'coordctl workers --help'."), run.err());
    Shell.Run command = new Shell().run("wrkers");
    assertEquals(2, command.status());
    assertTrue(command.err().contains("Did you mean: coordctl workers"), command.err());
    assertEquals(2, new Shell().run("queue", "-o", "yaml").status());
    assertEquals(2, new Shell().run("load", "--duration", "10").status());
  }

  @Test
  void theVersionIsTheOneOfTheBuild() {
    Shell.Run run = new Shell().run("--version");
    assertEquals(0, run.status());
    assertTrue(run.out().matches("coordctl [0-9]+\\.[0-9]+\\S*\\R"), run.out());
  }

  @Test
  void theCompletionIsBashAndKnowsEveryCommand() throws Exception {
    Shell.Run run = new Shell().run("completion");
    assertEquals(0, run.status());
    Path script = Files.writeString(folder.resolve("completion"), run.out());
    Process bash = new ProcessBuilder("bash", "-n", script.toString()).inheritIO().start();
    assertTrue(bash.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, bash.exitValue());
    Set<String> names = Set.of("send", "dead-letters", "replay", "--no-color", "workers_lost");
    names.forEach(name -> assertTrue(run.out().contains(name), name));
  }

  private static void collect(CommandLine command, List<CommandSpec> specs) {
    specs.add(command.getCommandSpec());
    command.getSubcommands().values().forEach(below -> collect(below, specs));
  }
}
