package org.osprey.coordinator.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.contract.ServerPorts;

/**
 * A real PostgreSQL server for tests: child processes on a free port of the loopback interface,
 * with data in a temporary directory. It can be stopped, killed, frozen and started again on the
 * same data and port. It ends with {@link #close}, and at the latest with this JVM, even if that is
 * killed.
 */
public final class PostgresServer implements AutoCloseable {
  public static final String USER = "coordinator";
  public static final String PASSWORD = "p@ss:w/rd";
  private static final String PASSWORD_IN_URL = "p%40ss%3Aw%2Frd";

  /** A machine that is busy takes long to start a process. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
  private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");

  /** PostgreSQL refuses to run as root. */
  private static final String UNPRIVILEGED = "postgres";

  /** For tests, which need not outlive a power cut. */
  private static final List<String> QUICK = List.of("fsync=off");

  /** What PostgreSQL does unless it is told otherwise: a commit waits for the disk. */
  private static final List<String> DURABLE =
      List.of("fsync=on", "synchronous_commit=on", "full_page_writes=on");

  private final Path programs;
  private final Path directory;
  private final int port;
  private final List<String> settings;
  private final Thread atExit = new Thread(this::discard, "postgres-exit");
  private final AtomicInteger databases = new AtomicInteger();
  private @Nullable Process process;

  private PostgresServer(Path programs, Path directory, int port, List<String> settings) {
    this.programs = programs;
    this.directory = directory;
    this.port = port;
    this.settings = settings;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  public static boolean isInstalled() {
    return programs().isPresent();
  }

  /** Makes a new cluster and starts it; returns when it accepts connections. */
  public static PostgresServer start() {
    return start(QUICK);
  }

  /** One that loses no commit, for measurements. */
  public static PostgresServer startDurable() {
    return start(DURABLE);
  }

  private static PostgresServer start(List<String> settings) {
    Path programs =
        programs().orElseThrow(() -> new IllegalStateException("no PostgreSQL in " + DEBIAN));
    PostgresServer server = create(programs, settings);
    try {
      server.initialize();
      server.restart();
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /**
   * @return the address of a new, empty database, with user and password
   */
  public String newDatabase() {
    String name = "test" + databases.incrementAndGet();
    execute("postgres", "create database " + name);
    return url(name);
  }

  public String url(String database) {
    return "postgres://%s:%s@%s/%s".formatted(USER, PASSWORD_IN_URL, address(), database);
  }

  /** Host and port. */
  public String address() {
    return "127.0.0.1:" + port;
  }

  public void execute(String database, String sql) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Starts it again with the data it had, on the port it had. */
  public void restart() {
    if (isRunning()) {
      throw new IllegalStateException("server is running");
    }
    process = launch();
    awaitConnections();
  }

  /** An orderly shutdown that ends all connections. */
  public void stop() {
    if (process != null && process.isAlive()) {
      signal("INT", process);
      awaitExit(process);
    }
  }

  /** SIGKILL for all its processes. */
  public void kill() {
    if (process == null) {
      return;
    }
    // So that none is born that is not among the children: it would keep the shared memory.
    if (process.isAlive()) {
      signal("STOP", process);
    }
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    awaitExit(process);
    Awaitility.await().atMost(PATIENCE).until(() -> noneAlive(children));
  }

  /** SIGSTOP: connections stay open, nothing answers. */
  public void freeze() {
    signalAll("STOP");
  }

  /** SIGCONT, after {@link #freeze}. */
  public void thaw() {
    signalAll("CONT");
  }

  public static boolean canLimitFiles() {
    return Files.isExecutable(PRLIMIT);
  }

  /**
   * To the server this is a full disk: no file of it can grow beyond. A limit below the size of a
   * segment of its log, 16 MiB, would end it.
   */
  public void limitFiles(long bytes) {
    limitAll(Long.toString(bytes));
  }

  /** After {@link #limitFiles}. */
  public void unlimitFiles() {
    limitAll("unlimited");
  }

  public boolean isRunning() {
    return process != null && process.isAlive();
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

  private static Optional<Path> programs() {
    if (!Files.isDirectory(DEBIAN)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(DEBIAN)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Comparator.naturalOrder());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PostgresServer create(Path programs, List<String> settings) {
    try (ServerSocket free = ServerPorts.reserve()) {
      Path directory = Files.createTempDirectory("postgres");
      if (isRoot()) {
        Files.setOwner(
            directory,
            directory
                .getFileSystem()
                .getUserPrincipalLookupService()
                .lookupPrincipalByName(UNPRIVILEGED));
      }
      return new PostgresServer(programs, directory, free.getLocalPort(), settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void initialize() {
    Path passwordFile = directory.resolve("password");
    try {
      Files.writeString(passwordFile, PASSWORD);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Process initdb =
        execute(
            program(
                "initdb",
                "--pgdata=" + data(),
                "--username=" + USER,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync"));
    awaitExit(initdb);
    if (initdb.exitValue() != 0) {
      throw new IllegalStateException("initdb failed: " + log());
    }
  }

  /** The shell waits for the end of our JVM, which closes its input, and becomes the server. */
  private Process launch() {
    List<String> command =
        new ArrayList<>(
            List.of(
                "sh",
                "-c",
                "exec 3<&0; (cat <&3 >/dev/null; kill -INT $$ 2>/dev/null) & exec \"$@\" 3<&-",
                "sh"));
    command.addAll(
        program(
            "postgres",
            "-D",
            data(),
            "-p",
            Integer.toString(port),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories="));
    settings.forEach(setting -> command.addAll(List.of("-c", setting)));
    return execute(command);
  }

  private List<String> program(String name, String... arguments) {
    return asUser(programs.resolve(name), arguments);
  }

  private static List<String> asUser(Path program, String... arguments) {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(
          List.of(
              "setpriv", "--reuid=" + UNPRIVILEGED, "--regid=" + UNPRIVILEGED, "--clear-groups"));
    }
    command.add(program.toString());
    command.addAll(List.of(arguments));
    return command;
  }

  private Process execute(List<String> command) {
    try {
      return new ProcessBuilder(command)
          .directory(directory.toFile())
          .redirectErrorStream(true)
          .redirectOutput(Redirect.appendTo(directory.resolve("server.log").toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String data() {
    return directory.resolve("data").toString();
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  /** An open port would not do: it refuses while it recovers. */
  private void awaitConnections() {
    try {
      Awaitility.await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .failFast("server has ended", () -> !isRunning())
          .until(this::acceptsConnections);
    } catch (ConditionTimeoutException | TerminalFailureException e) {
      throw new IllegalStateException("server does not start: " + log(), e);
    }
  }

  private boolean acceptsConnections() {
    try (Connection connection = connect("postgres")) {
      return connection.isValid(5);
    } catch (SQLException e) {
      return false;
    }
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://%s/%s?socketTimeout=30".formatted(address(), database), USER, PASSWORD);
  }

  private void signalAll(String name) {
    running().descendants().forEach(child -> signal(name, child.pid()));
    signal(name, running());
  }

  /** The first one first, because it makes the others. */
  private void limitAll(String bytes) {
    limit(bytes, running().pid());
    running().descendants().forEach(child -> limit(bytes, child.pid()));
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException("server is not running");
    }
    return process;
  }

  /** Its user may. */
  private static void limit(String bytes, long pid) {
    run(asUser(PRLIMIT, "--pid=" + pid, "--fsize=" + bytes + ":"));
  }

  private static void signal(String name, Process process) {
    signal(name, process.pid());
  }

  private static void signal(String name, long pid) {
    run(List.of("kill", "-" + name, Long.toString(pid)));
  }

  private static void run(List<String> command) {
    try {
      awaitExit(new ProcessBuilder(command).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean noneAlive(List<ProcessHandle> processes) {
    return processes.stream().noneMatch(ProcessHandle::isAlive);
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
      return Files.readString(directory.resolve("server.log"), UTF_8);
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
