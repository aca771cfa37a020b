package org.osprey.coordinator.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.osprey.coordinator.contract.ChildJvm;

/** A child JVM on the test's class path that can be killed and stopped. Dies with this one. */
final class JavaProcess implements AutoCloseable {
  /** For a process that is measured: more memory, and all the compilers. */
  static final List<String> MEASURED = List.of("-XX:TieredStopAtLevel=4", "-Xmx512m");

  private final Process process;
  private final Thread lastResort;

  private JavaProcess(Process process) {
    this.process = process;
    lastResort = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(lastResort);
  }

  /**
   * @param flags count more than the usual ones, which are for a process that lives a short time
   * @param output where the child's output goes
   */
  static JavaProcess start(
      Class<?> main,
      List<String> flags,
      List<String> arguments,
      Map<String, String> environment,
      Path output) {
    Redirect file = Redirect.appendTo(output.toFile());
    String classes = System.getProperty("java.class.path");
    return start(main, classes, flags, arguments, environment, file, "");
  }

  /**
   * @param classes the class path, such as that of another version
   * @param output {@link Redirect#PIPE} for a pipe that nobody reads
   * @param limits what the shell is told first, such as {@code ulimit -n 100}; may be empty
   */
  static JavaProcess start(
      Class<?> main,
      String classes,
      List<String> flags,
      List<String> arguments,
      Map<String, String> environment,
      Redirect output,
      String limits) {
    List<String> command = new ArrayList<>();
    if (!limits.isEmpty()) {
      command.addAll(List.of("sh", "-c", limits + "; exec \"$@\"", "sh"));
    }
    command.addAll(ChildJvm.command(classes, main, flags, arguments.toArray(String[]::new)));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output);
    builder.environment().putAll(environment);
    try {
      return new JavaProcess(builder.start());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What it has used so far, in user and system mode together. */
  Duration cpu() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  /** What it has of the machine's memory, in KiB, after a collection. */
  long rssKib() {
    String pid = Long.toString(process.pid());
    output(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), pid, "GC.run");
    return Long.parseLong(output("ps", "-o", "rss=", "-p", pid).trim());
  }

  private static String output(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(String.join(" ", command) + ": " + output);
      }
      return output;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
    waitFor();
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** SIGSTOP: connections stay open, nothing answers. */
  void freeze() {
    signal("-STOP");
  }

  /** SIGCONT, after {@link #freeze}. */
  void thaw() {
    signal("-CONT");
  }

  private void signal(String name) {
    try {
      int status =
          new ProcessBuilder("kill", name, Long.toString(process.pid()))
              .inheritIO()
              .start()
              .waitFor();
      if (status != 0) {
        throw new AssertionError("kill " + name + ": " + status);
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * @return the exit status
   */
  int waitFor() {
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new AssertionError("process " + process.pid() + " does not end");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    waitFor();
    Runtime.getRuntime().removeShutdownHook(lastResort);
  }
}
