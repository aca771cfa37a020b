package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.osprey.coordinator.app.Main;
import org.osprey.coordinator.kafka.KafkaBroker;

/** A whole coordinator in a process of its own, on free ports. */
final class CoordinatorProcess implements AutoCloseable {
  private final JavaProcess process;
  private final Path folder;

  /** What all members of a group have in common. */
  static final class Setup {
    private final Path parent;
    private final String config;
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> flags = new ArrayList<>();
    private String classes = System.getProperty("java.class.path");
    private String limits = "";
    private boolean unread;

    /**
     * @param parent each process has a folder of its own in there
     * @param config a file in YAML
     */
    Setup(Path parent, KafkaBroker broker, String topic, String group, String config) {
      this(parent, config);
      environment.put("OSPREY_COORDINATOR_CONSUMER_TYPE", "kafka");
      environment.put("OSPREY_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers());
      environment.put("OSPREY_KAFKA_INPUT_STREAM_TOPIC", topic);
      environment.put("OSPREY_KAFKA_GROUP_ID", group);
    }

    /** Without any source but callers. */
    Setup(Path parent, String config) {
      this.parent = parent;
      this.config = config;
      environment.put("OSPREY_COORDINATOR_BIDI_STREAM_PORT", "0");
      environment.put("OSPREY_COORDINATOR_SYNC_ACTION_PORT", "0");
      environment.put("OSPREY_COORDINATOR_HTTP_PORT", "0");
    }

    Setup environment(String variable, String value) {
      environment.put(variable, value);
      return this;
    }

    Setup flags(List<String> more) {
      flags.addAll(more);
      return this;
    }

    /**
     * Another version than this.
     *
     * @param jar beside it is what it needs, in {@code lib}
     */
    Setup version(Path jar) {
      classes = jar + File.pathSeparator + jar.resolveSibling("lib") + "/*";
      return this;
    }

    /** What the shell is told first, such as {@code ulimit -n 100}. */
    Setup limits(String commands) {
      limits = commands;
      return this;
    }

    /** What it prints goes into a pipe that nobody reads. */
    Setup unread() {
      unread = true;
      return this;
    }

    /** Returns when it accepts workers. */
    CoordinatorProcess start() {
      try {
        Path folder = Files.createTempDirectory(parent, "coordinator");
        Files.writeString(folder.resolve("config.yaml"), config);
        CoordinatorProcess started = new CoordinatorProcess(launch(folder), folder);
        started.awaitReady();
        return started;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private JavaProcess launch(Path folder) {
      List<String> arguments =
          List.of(
              "--config",
              folder.resolve("config.yaml").toString(),
              "--ready-file",
              folder.resolve("ready").toString());
      File log = folder.resolve("coordinator.log").toFile();
      return JavaProcess.start(
          Main.class,
          classes,
          flags,
          arguments,
          environment,
          unread ? Redirect.PIPE : Redirect.appendTo(log),
          limits);
    }
  }

  private CoordinatorProcess(JavaProcess process, Path folder) {
    this.process = process;
    this.folder = folder;
  }

  int workerPort() {
    return port("worker_port=");
  }

  int syncPort() {
    return port("sync_port=");
  }

  int httpPort() {
    return port("http_port=");
  }

  String target() {
    return "127.0.0.1:" + workerPort();
  }

  /** The file it has its settings from. */
  Path config() {
    return folder.resolve("config.yaml");
  }

  /** What it printed. */
  String log() {
    return read("coordinator.log");
  }

  long pid() {
    return process.pid();
  }

  /** What it has used so far. */
  Duration cpu() {
    return process.cpu();
  }

  /** What it has of the machine's memory, in KiB. */
  long rssKib() {
    return process.rssKib();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL. */
  void kill() {
    process.kill();
  }

  /** SIGTERM. */
  void terminate() {
    process.terminate();
  }

  /** SIGSTOP. */
  void freeze() {
    process.freeze();
  }

  /** SIGCONT. */
  void thaw() {
    process.thaw();
  }

  /** Blocks until it has ended. */
  void waitFor() {
    process.waitFor();
  }

  @Override
  public void close() {
    process.close();
  }

  private void awaitReady() {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> !process.isAlive() || Files.exists(folder.resolve("ready")));
    if (!process.isAlive()) {
      throw new AssertionError("the coordinator ended: " + log());
    }
  }

  private int port(String key) {
    return read("ready")
        .lines()
        .filter(line -> line.startsWith(key))
        .mapToInt(line -> Integer.parseInt(line.substring(key.length())))
        .findFirst()
        .orElseThrow();
  }

  private String read(String file) {
    try {
      return Files.readString(folder.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
