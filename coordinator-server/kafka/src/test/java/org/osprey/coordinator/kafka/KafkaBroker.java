package org.osprey.coordinator.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
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
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import kafka.Kafka;
import kafka.tools.StorageTool;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.contract.ChildJvm;
import org.osprey.coordinator.contract.ServerPorts;

/**
 * A real Kafka broker for tests: a child JVM on free ports of the loopback interface, with data in
 * a temporary directory. It can be stopped, killed, frozen and started again on the same data and
 * port. It ends with {@link #close}, and at the latest with this JVM, even if that is killed.
 */
public final class KafkaBroker implements AutoCloseable {
  /** A machine that is busy takes long to start a process. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** Any will do: 16 bytes in URL-safe base 64. */
  private static final String CLUSTER_ID = "AAAAAAAAAAAAAAAAAAAAAQ";

  private final Path directory;
  private final int port;
  private final int controllerPort;
  private final Thread atExit = new Thread(this::discard, "kafka-broker-exit");
  private @Nullable Process process;

  /** What runs in the child: a broker that halts when its standard input ends with our JVM. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) {
      Thread watch = new Thread(Child::haltAtEndOfInput, "parent-watch");
      watch.setDaemon(true);
      watch.start();
      Kafka.main(arguments);
    }

    private static void haltAtEndOfInput() {
      try {
        System.in.transferTo(OutputStream.nullOutputStream());
      } catch (IOException e) {
        // As good as the end.
      }
      Runtime.getRuntime().halt(1);
    }
  }

  private KafkaBroker(Path directory, int port, int controllerPort) {
    this.directory = directory;
    this.port = port;
    this.controllerPort = controllerPort;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Formats a new broker and starts it; returns when it accepts connections. */
  public static KafkaBroker start() {
    return start(Map.of());
  }

  /**
   * @param properties for {@code server.properties}, over our own; in their values {@code {port}}
   *     and {@code {controllerPort}} stand for those of this broker
   */
  public static KafkaBroker start(Map<String, String> properties) {
    KafkaBroker broker = create(properties);
    try {
      broker.format();
      broker.restart();
      return broker;
    } catch (RuntimeException e) {
      broker.close();
      throw e;
    }
  }

  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /** Starts it again with the data it had, on the port it had. */
  public void restart() {
    if (isRunning()) {
      throw new IllegalStateException("broker is running");
    }
    process = launch();
    awaitPort();
  }

  /** SIGTERM: an orderly shutdown. */
  public void stop() {
    if (process != null) {
      process.destroy();
      awaitExit(process);
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
    signal("STOP");
  }

  /** SIGCONT, after {@link #freeze}. */
  public void thaw() {
    signal("CONT");
  }

  public boolean isRunning() {
    return process != null && process.isAlive();
  }

  /** What the broker printed, for a test that fails. */
  public Path logFile() {
    return directory.resolve("broker.log");
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

  private static KafkaBroker create(Map<String, String> properties) {
    try (ServerSocket first = freePort();
        ServerSocket second = freePort()) {
      Path directory = Files.createTempDirectory("kafka-broker");
      KafkaBroker broker = new KafkaBroker(directory, first.getLocalPort(), second.getLocalPort());
      broker.writeConfig(properties);
      return broker;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ServerSocket freePort() throws IOException {
    return ServerPorts.reserve();
  }

  private void writeConfig(Map<String, String> properties) throws IOException {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "process.roles=broker,controller",
                "node.id=1",
                "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
                "listeners=PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
                    .formatted(port, controllerPort),
                "controller.listener.names=CONTROLLER",
                "log.dirs=" + directory.resolve("data"),
                "offsets.topic.replication.factor=1",
                "offsets.topic.num.partitions=1",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                "transaction.state.log.num.partitions=1",
                "group.initial.rebalance.delay.ms=0",
                "num.network.threads=2",
                "num.io.threads=2"));
    properties.forEach((name, value) -> lines.add(name + "=" + withPorts(value)));
    Files.write(config(), lines);
    Files.writeString(directory.resolve("logback.xml"), LOGBACK);
  }

  private String withPorts(String value) {
    return value
        .replace("{port}", Integer.toString(port))
        .replace("{controllerPort}", Integer.toString(controllerPort));
  }

  private static final String LOGBACK =
      """
      <configuration>
        <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
          <encoder><pattern>%d %level %logger{0} %msg%n</pattern></encoder>
        </appender>
        <root level="WARN"><appender-ref ref="out" /></root>
      </configuration>
      """;

  private Path config() {
    return directory.resolve("server.properties");
  }

  private void format() {
    String[] arguments = {"format", "-t", CLUSTER_ID, "-c", config().toString()};
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    if (StorageTool.execute(arguments, new PrintStream(said, true, UTF_8)) != 0) {
      throw new IllegalStateException("cannot format the storage: " + said.toString(UTF_8));
    }
  }

  private Process launch() {
    String log = "-Dlogback.configurationFile=" + directory.resolve("logback.xml");
    List<String> flags = List.of("-Xmx384m", log);
    try {
      return new ProcessBuilder(
              ChildJvm.command(brokerClassPath(), Child.class, flags, config().toString()))
          .redirectErrorStream(true)
          .redirectOutput(Redirect.appendTo(logFile().toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Our class path without the directories that have nothing to do with brokers. */
  private static String brokerClassPath() {
    String separator = System.getProperty("path.separator");
    return Stream.of(System.getProperty("java.class.path").split(separator))
        .filter(entry -> !Files.isDirectory(Path.of(entry)) || holdsThisClass(Path.of(entry)))
        .reduce((left, right) -> left + separator + right)
        .orElseThrow();
  }

  private static boolean holdsThisClass(Path directory) {
    return Files.exists(directory.resolve(Child.class.getName().replace('.', '/') + ".class"));
  }

  private void awaitPort() {
    try {
      Awaitility.await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(50))
          .failFast("broker has ended", () -> !isRunning())
          .until(this::acceptsConnections);
    } catch (ConditionTimeoutException | TerminalFailureException e) {
      throw new IllegalStateException("broker does not start: " + log(), e);
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

  private void signal(String name) {
    if (process == null) {
      throw new IllegalStateException("broker is not running");
    }
    String[] command = {"kill", "-" + name.toUpperCase(Locale.ROOT), Long.toString(process.pid())};
    try {
      awaitExit(new ProcessBuilder(command).inheritIO().start());
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
