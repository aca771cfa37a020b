package org.osprey.coordinator.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.contract.ServerPorts;

/**
 * A real etcd for tests: a child process on free ports of the loopback interface, with data in a
 * temporary directory. It can be stopped, killed, frozen and started again on the same port, with
 * or without its data. It ends with {@link #close}, and at the latest with this JVM, even if that
 * is killed.
 */
public final class EtcdServer implements AutoCloseable {
  /** A machine that is busy takes long to start a process. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final String PROGRAM = "etcd";

  private final Path directory;
  private final int port;
  private final int peerPort;
  private final List<String> options;
  private final Thread atExit = new Thread(this::discard, "etcd-server-exit");
  private @Nullable Process process;
  private @Nullable Process guard;

  private EtcdServer(Path directory, int port, int peerPort, List<String> options) {
    this.directory = directory;
    this.port = port;
    this.peerPort = peerPort;
    this.options = options;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Whether this machine has the program; a condition for tests. */
  public static boolean isInstalled() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, PROGRAM)));
  }

  /** Has both stores; returns when it answers. */
  public static EtcdServer startWithV2() {
    return start("--enable-v2");
  }

  /** Refuses the v2 keys API; returns when it answers. */
  public static EtcdServer startWithoutV2() {
    return start();
  }

  /**
   * @param options of etcd, over our own
   */
  public static EtcdServer start(String... options) {
    EtcdServer server = create(options);
    try {
      server.restart();
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** Takes its ports, but nothing listens there before {@link #restart}. */
  public static EtcdServer create(String... options) {
    try (ServerSocket first = freePort();
        ServerSocket second = freePort()) {
      Path directory = Files.createTempDirectory("etcd-server");
      return new EtcdServer(
          directory, first.getLocalPort(), second.getLocalPort(), List.of(options));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where clients go, with either API. */
  public URI url() {
    return URI.create((isSecure() ? "https" : "http") + "://127.0.0.1:" + port);
  }

  /** Starts it again with the data it had, on the port it had. */
  public void restart() {
    if (isRunning()) {
      throw new IllegalStateException("etcd is running");
    }
    process = launch();
    guard = guard(process.pid());
    awaitHealth();
  }

  /** As {@link #restart}, after a loss of all data. */
  public void restartEmpty() {
    deleteRecursively(data());
    restart();
  }

  /** SIGKILL. */
  public void kill() {
    if (process != null) {
      process.destroyForcibly();
      awaitExit(process);
    }
    release();
  }

  /** SIGSTOP: connections stay open, nothing answers. */
  public void freeze() {
    signal("STOP");
  }

  /** SIGCONT, after {@link #freeze}. */
  public void thaw() {
    signal("CONT");
  }

  public boolean isRunning() {
    return process != null && process.isAlive();
  }

  /** What the server printed, for a test that fails. */
  public Path logFile() {
    return directory.resolve("etcd.log");
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

  private void discard() {
    kill();
    deleteRecursively(directory);
  }

  private static ServerSocket freePort() throws IOException {
    return ServerPorts.reserve();
  }

  private Path data() {
    return directory.resolve("data");
  }

  private boolean isSecure() {
    return options.stream().anyMatch(option -> option.startsWith("--cert-file"));
  }

  private Process launch() {
    String peerUrl = "http://127.0.0.1:" + peerPort;
    List<String> command =
        new ArrayList<>(
            List.of(
                PROGRAM,
                "--data-dir=" + data(),
                "--listen-client-urls=" + url(),
                "--advertise-client-urls=" + url(),
                "--listen-peer-urls=" + peerUrl,
                "--initial-advertise-peer-urls=" + peerUrl,
                "--initial-cluster=default=" + peerUrl));
    command.addAll(options);
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(Redirect.appendTo(logFile().toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends etcd when our end of its standard input is closed, by us or by the end of this JVM. */
  private static Process guard(long pid) {
    try {
      return new ProcessBuilder("sh", "-c", "cat >/dev/null; kill -9 " + pid)
          .redirectErrorStream(true)
          .redirectOutput(Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void release() {
    if (guard != null) {
      try {
        guard.getOutputStream().close();
      } catch (IOException e) {
        // It has ended already.
      }
      awaitExit(guard);
      guard = null;
    }
  }

  private void awaitHealth() {
    try {
      Awaitility.await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .failFast("etcd has ended", () -> !isRunning())
          .until(() -> isSecure() ? acceptsConnections() : isHealthy());
    } catch (ConditionTimeoutException | TerminalFailureException e) {
      throw new IllegalStateException("etcd does not start: " + log(), e);
    }
  }

  private boolean acceptsConnections() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private boolean isHealthy() {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) url().resolve("/health").toURL().openConnection();
      connection.setConnectTimeout(1000);
      connection.setReadTimeout(1000);
      return connection.getResponseCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private void signal(String name) {
    if (process == null) {
      throw new IllegalStateException("etcd is not running");
    }
    try {
      awaitExit(
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void awaitExit(Process process) {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("process does not end, pid=" + process.pid());
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private String log() {
    try {
      return Files.readString(logFile(), UTF_8);
    } catch (IOException e) {
      return "no log: " + e;
    }
  }

  private static void deleteRecursively(Path root) {
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
