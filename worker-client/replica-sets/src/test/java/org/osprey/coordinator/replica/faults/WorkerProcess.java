package org.osprey.coordinator.replica.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.osprey.coordinator.contract.ChildJvm;
import org.osprey.coordinator.database.PostgresServer;
import org.postgresql.ds.PGSimpleDataSource;

/** A worker in a JVM of its own that can be killed, stopped and woken. Ends with this one. */
final class WorkerProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String name;
  private final Process process;

  /**
   * @param handling how long a handler takes for one event
   */
  record Settings(
      Duration heartbeat,
      Duration stale,
      Duration coordination,
      int batchSize,
      Duration handling) {}

  private WorkerProcess(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  static WorkerProcess start(String name, PGSimpleDataSource database, Settings settings) {
    try {
      return new WorkerProcess(
          name,
          new ProcessBuilder(
                  ChildJvm.command(
                      WorkerMain.class,
                      List.of("-Xmx96m"),
                      database.getUrl(),
                      PostgresServer.USER,
                      PostgresServer.PASSWORD,
                      name,
                      settings.heartbeat().toString(),
                      settings.stale().toString(),
                      settings.coordination().toString(),
                      Integer.toString(settings.batchSize()),
                      settings.handling().toString()))
              .redirectOutput(Redirect.INHERIT)
              .redirectError(Redirect.INHERIT)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return name;
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** SIGTERM. */
  void terminate() {
    // The process itself would also close its input, which ends it at once.
    process.toHandle().destroy();
  }

  void awaitEnd() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("worker " + name + " does not end");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns when it has stopped itself at such a moment. */
  void stopAt(SelfStopping.Moment moment) {
    try {
      process.getOutputStream().write((moment + "\n").getBytes(UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    await().pollInterval(Duration.ofMillis(20)).until(this::isStopped);
  }

  private boolean isStopped() {
    return run("ps", "-o", "state=", "-p", Long.toString(process.pid())).startsWith("T");
  }

  /** SIGCONT. */
  void wake() {
    String unused = run("kill", "-CONT", Long.toString(process.pid()));
  }

  /** Has it print its threads. */
  void dump() {
    String unused = run("kill", "-QUIT", Long.toString(process.pid()));
  }

  private static String run(String... command) {
    try {
      Process started = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
      return new String(started.getInputStream().readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
