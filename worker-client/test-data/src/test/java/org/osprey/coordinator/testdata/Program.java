package org.osprey.coordinator.testdata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A program of this module on a thread of its own, until it is closed. */
final class Program implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Stop stop = new Stop();
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final Thread thread;
  private volatile int status = -1;

  private Program(List<String> arguments, Map<String, String> environment) {
    thread = Thread.ofPlatform().start(() -> run(arguments, environment));
  }

  static Program start(String command, Map<String, String> environment) {
    return new Program(List.of(command), environment);
  }

  /** One that ends by itself. */
  static Program ended(List<String> arguments, Map<String, String> environment) {
    Program program = new Program(arguments, environment);
    program.join();
    return program;
  }

  int status() {
    return status;
  }

  String errors() {
    return errors.toString(UTF_8).strip();
  }

  String output() {
    return output.toString(UTF_8);
  }

  /** Tells it to stop; it must. */
  void stop() {
    stop.tell();
    join();
  }

  @Override
  public void close() {
    stop();
  }

  private void join() {
    try {
      thread.join(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    assertFalse(thread.isAlive(), "the program does not end");
  }

  private void run(List<String> arguments, Map<String, String> environment) {
    status =
        TestData.run(
            arguments,
            environment,
            stop,
            new PrintStream(output, true, UTF_8),
            new PrintStream(errors, true, UTF_8));
  }
}
