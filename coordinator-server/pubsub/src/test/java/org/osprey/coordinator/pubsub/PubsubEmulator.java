package org.osprey.coordinator.pubsub;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.osprey.coordinator.contract.ServerPorts;

/**
 * The Pub/Sub emulator: a child JVM on a free port of the loopback interface, one for all tests,
 * ended with this JVM. Its jar is {@code pubsub.emulator.jar} (system property), {@code
 * PUBSUB_EMULATOR_JAR} (environment) or where the package {@code google-cloud-cli-pubsub-emulator}
 * puts it. Tests are skipped without it, unless {@code require.pubsub.emulator} is true.
 */
public final class PubsubEmulator {
  private static final Path INSTALLED =
      Path.of("/usr/lib/google-cloud-sdk/platform/pubsub-emulator/lib");

  /** A machine that is busy takes long to start a process. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Process process;
  private final Path log;
  private final int port;

  private static final class Shared {
    private static final PubsubEmulator INSTANCE = start();
  }

  private PubsubEmulator(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /** The running emulator; skips the calling test where there is none. */
  public static PubsubEmulator get() {
    boolean found = jar().isPresent();
    String missing = "the Pub/Sub emulator is not installed; see PubsubEmulator";
    if (!found && Boolean.getBoolean("require.pubsub.emulator")) {
      throw new IllegalStateException(missing);
    }
    if (!found) {
      System.out.println("skipped: " + missing);
    }
    Assumptions.assumeTrue(found, missing);
    return Shared.INSTANCE;
  }

  public int port() {
    return port;
  }

  public String host() {
    return "127.0.0.1:" + port;
  }

  private static PubsubEmulator start() {
    try {
      int port = freePort();
      Path log = Files.createTempFile("pubsub-emulator", ".log");
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx1g",
                  "-XX:+UseSerialGC",
                  "-jar",
                  jar().orElseThrow().toString(),
                  "--host=127.0.0.1",
                  "--port=" + port)
              .redirectErrorStream(true)
              .redirectOutput(Redirect.to(log.toFile()))
              .start();
      PubsubEmulator emulator = new PubsubEmulator(process, log, port);
      Runtime.getRuntime().addShutdownHook(new Thread(emulator::discard, "emulator-exit"));
      emulator.awaitPort();
      return emulator;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Path> jar() {
    String named = System.getProperty("pubsub.emulator.jar", System.getenv("PUBSUB_EMULATOR_JAR"));
    return named == null
        ? installed().filter(path -> path.toString().endsWith("-all.jar")).findFirst()
        : Optional.of(Path.of(named)).filter(Files::isRegularFile);
  }

  private static Stream<Path> installed() {
    try (Stream<Path> files = Files.list(INSTALLED)) {
      return List.copyOf(files.toList()).stream();
    } catch (IOException e) {
      return Stream.empty();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = ServerPorts.reserve()) {
      return socket.getLocalPort();
    }
  }

  private void awaitPort() {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .failFast("emulator has ended: " + log, () -> !process.isAlive())
        .until(this::acceptsConnections);
  }

  private boolean acceptsConnections() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return Files.readString(log, UTF_8).contains("Server started");
    } catch (IOException e) {
      return false;
    }
  }

  private void discard() {
    process.destroyForcibly();
    try {
      process.waitFor();
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
