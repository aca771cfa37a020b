package org.osprey.coordinator.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a coordinator's process holds on to, after its garbage is gone. Needs Linux and a JDK. */
record ProcessFigures(long files, long threads, long heapBytes) {
  /** What looking at them may cost by itself. */
  private static final int FEW = 8;

  private static final long LITTLE = 2 << 20;
  private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");

  static boolean available() {
    return Files.isDirectory(Path.of("/proc/self/fd")) && Files.isExecutable(JCMD);
  }

  static ProcessFigures of(CoordinatorProcess coordinator) {
    collectGarbage(coordinator.pid());
    double heap =
        Scrape.of("http://127.0.0.1:" + coordinator.httpPort())
            .sum("jvm_memory_used_bytes", "area", "heap");
    return new ProcessFigures(
        count(coordinator.pid(), "fd"), count(coordinator.pid(), "task"), (long) heap);
  }

  /** Whether nothing is more than a twentieth, or a little, above what it was before. */
  boolean areBackAt(ProcessFigures before) {
    return back(files, before.files, FEW)
        && back(threads, before.threads, FEW)
        && back(heapBytes, before.heapBytes, LITTLE);
  }

  private static boolean back(long now, long before, long more) {
    return now <= before + Math.max(before / 20, more);
  }

  private static long count(long pid, String folder) {
    try (Stream<Path> entries = Files.list(Path.of("/proc", Long.toString(pid), folder))) {
      return entries.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void collectGarbage(long pid) {
    try {
      new ProcessBuilder(JCMD.toString(), Long.toString(pid), "GC.run")
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
