package org.osprey.coordinator.database;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Row R25 of the fault table: whoever is told that something is stored is told after the disk has
 * it. A kill does not show that, since the kernel keeps what a process wrote; the calls to the
 * kernel do.
 */
@Timeout(300)
class SyncedBeforeToldTest {
  private static final Path STRACE = Path.of("/usr/bin/strace");
  private static final int ENOUGH = 200;

  private static final Pattern SYNCED =
      Pattern.compile("(fsync|fdatasync)\\([0-9]+\\) += 0|<\\.\\.\\. f(data)?sync resumed>.* = 0");

  @TempDir private Path folder;

  private int told;
  private int syncs;

  @Test
  void r25TheDiskHasWhatIsToldToBeStored() throws Exception {
    assumeTrue(Files.isExecutable(STRACE) && runs("/bin/true"), "no strace");
    Path trace = folder.resolve("trace");
    run(trace);
    Set<String> written = new HashSet<>();
    for (String line : Files.readAllLines(trace, ISO_8859_1)) {
      look(line, line.split(" ", 2)[0], written);
    }
    assertTrue(told >= ENOUGH, () -> told + " writes were told of");
    System.out.printf(
        "R25 fault=none database=sqlite accepted_writes=%d syncs=%d told_before_synced=0%n",
        told, syncs);
  }

  /**
   * @param written threads that have written since they last made the disk take it
   */
  private void look(String line, String thread, Set<String> written) {
    if (line.contains("pwrite64(")) {
      written.add(thread);
    } else if (SYNCED.matcher(line).find()) {
      syncs++;
      written.remove(thread);
    } else if (line.contains("write(1, \"" + KilledProcessTest.STORED)) {
      told++;
      assertFalse(written.contains(thread), line);
    }
  }

  /** Until enough is stored. */
  private void run(Path trace) throws Exception {
    List<String> command = strace("-o", trace.toString());
    command.addAll(KilledProcessTest.command(folder.resolve("traced.db"), 0));
    Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    try (BufferedReader output = process.inputReader(UTF_8)) {
      for (int line = 0; line < ENOUGH; line++) {
        String said = output.readLine();
        assertTrue(said != null && said.startsWith(KilledProcessTest.STORED), said);
      }
    } finally {
      // Without it, strace would let the child live.
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.onExit().join();
    }
  }

  private static boolean runs(String program) throws Exception {
    List<String> command = strace("-o", "/dev/null");
    command.add(program);
    return new ProcessBuilder(command).start().waitFor() == 0;
  }

  private static List<String> strace(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(STRACE.toString(), "-f", "-qq", "-e", "trace=pwrite64,fsync,fdatasync,write"));
    command.addAll(List.of(arguments));
    return command;
  }
}
