package org.osprey.coordinator.nats;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.contract.ServerPorts;

/**
 * A real nats-server with JetStream for tests: a child process on a free port of the loopback
 * interface, with data in a temporary directory. It can be killed, frozen and started again on the
 * same data and port. It ends with {@link #close}, and at the latest with this JVM.
 */
public final class NatsServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Path directory;
  private final int port;
  private final Thread atExit = new Thread(this::discard, "nats-server-exit");
  private @Nullable Process process;

  private NatsServer(Path directory, int port) {
    this.directory = directory;
    this.port = port;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** One server for all tests of a JVM that need nothing special. */
  public static NatsServer shared() {
    return Shared.SERVER;
  }

  private static final class Shared {
    private static final NatsServer SERVER = start();
  }

  /**
   * Returns when it accepts connections.
   *
   * @param lines of its configuration file, over our own
   */
  public static NatsServer start(String... lines) {
    NatsServer server = create(lines);
    try {
      server.restart();
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  public String url() {
    return "nats://127.0.0.1:" + port;
  }

  public int port() {
    return port;
  }

  /** Starts it again with the data it had, on the port it had. */
  public void restart() {
    if (process != null && process.isAlive()) {
      throw new IllegalStateException("server is running");
    }
    try {
      process =
          new ProcessBuilder("/usr/sbin/nats-server", "-c", config().toString())
              .redirectErrorStream(true)
              .redirectOutput(Redirect.appendTo(directory.resolve("server.log").toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    awaitPort();
  }

  /** For the next start, in place of what {@link #start} was given. */
  public void configure(String... lines) {
    List<String> config = new ArrayList<>();
    config.add("listen: \"127.0.0.1:" + port + "\"");
    config.add("jetstream: { store_dir: \"" + directory.resolve("data") + "\" }");
    config.addAll(List.of(lines));
    try {
      Files.write(config(), config);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGKILL. */
  public void kill() {
    if (process != null) {
      process.destroyForcibly();
      awaitExit(process);
    }
  }

  /** SIGSTOP: connections stay open, nothing answers. */
  public void freeze() {
    signal("-STOP");
  }

  /** SIGCONT, after {@link #freeze}. */
  public void thaw() {
    signal("-CONT");
  }

  @Override
  public void close() {
    discard();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // This JVM is shutting down already.
    }
  }

  private static NatsServer create(String... lines) {
    try (ServerSocket free = ServerPorts.reserve()) {
      Path directory = Files.createTempDirectory("nats-server");
      NatsServer server = new NatsServer(directory, free.getLocalPort());
      server.configure(lines);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path config() {
    return directory.resolve("server.conf");
  }

  private void awaitPort() {
    try {
      Awaitility.await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(10))
          .failFast("server has ended", () -> process == null || !process.isAlive())
          .until(this::acceptsConnections);
    } catch (ConditionTimeoutException | TerminalFailureException e) {
      throw new IllegalStateException("server does not start: " + log(), e);
    }
  }

  private String log() {
    try {
      return Files.readString(directory.resolve("server.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private boolean acceptsConnections() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      // The greeting comes when JetStream is ready, too.
      return socket.getInputStream().read() == 'I';
    } catch (IOException e) {
      return false;
    }
  }

  private void signal(String name) {
    if (process == null) {
      throw new IllegalStateException("server is not running");
    }
    try {
      awaitExit(new ProcessBuilder("kill", name, Long.toString(process.pid())).inheritIO().start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void awaitExit(Process process) {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void discard() {
    kill();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
