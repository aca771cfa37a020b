package org.osprey.coordinator.benchmarks.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A JVM that ends with {@link #close}, and at the latest with this one; Linux only. */
final class ChildJvm implements AutoCloseable {
  private static final Pattern USED = Pattern.compile("used (\\d+)K");
  private static final long TICKS_PER_SECOND = 100;
  private static final int PATIENCE_SECONDS = 60;
  private static final int GRACE_SECONDS = 5;

  private final Process process;
  private final Thread atExit;

  private ChildJvm(Process process) {
    this.process = process;
    atExit = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * @param flags and what follows them
   * @param output where it prints to
   */
  static ChildJvm start(List<String> flags, Map<String, String> environment, Path output)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(Stream.concat(Stream.of(tool("java")), flags.stream()).toList())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    return new ChildJvm(builder.start());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** User and system time so far. */
  double cpuMillis() throws IOException {
    String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
    // The second field is a name in brackets, which may hold anything.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 1000.0 / TICKS_PER_SECOND;
  }

  double rssKib() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    }
  }

  /** The heap in use after a full collection. */
  double heapKib() throws IOException, InterruptedException {
    jcmd("GC.run");
    Matcher used =
        USED.matcher(jcmd("GC.heap_info").replaceAll("(?m)^.*(Metaspace|class space).*", ""));
    return used.results().mapToLong(part -> Long.parseLong(part.group(1))).sum();
  }

  /** How many objects of this class are reachable. */
  long instances(String className) throws IOException, InterruptedException {
    return jcmd("GC.class_histogram")
        .lines()
        .map(line -> line.trim().split("\\s+", -1))
        .filter(row -> row.length >= 4 && row[3].equals(className))
        .mapToLong(row -> Long.parseLong(row[1]))
        .sum();
  }

  private String jcmd(String command) throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(tool("jcmd"), Long.toString(process.pid()), command)
            .redirectErrorStream(true)
            .start();
    try {
      String output = new String(jcmd.getInputStream().readAllBytes(), UTF_8);
      if (jcmd.waitFor() != 0) {
        throw new IOException("jcmd " + command + ": " + output);
      }
      return output;
    } finally {
      jcmd.destroyForcibly();
    }
  }

  private static String tool(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  void awaitEnd() {
    if (!hasEndedWithin(PATIENCE_SECONDS)) {
      throw new IllegalStateException("process " + process.pid() + " does not end");
    }
  }

  boolean hasEndedWithin(int seconds) {
    try {
      return process.waitFor(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    // Told first: a recording of it would be lost otherwise.
    process.destroy();
    if (!hasEndedWithin(GRACE_SECONDS)) {
      process.destroyForcibly();
      awaitEnd();
    }
    Runtime.getRuntime().removeShutdownHook(atExit);
  }
}
