package org.osprey.coordinator.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.osprey.coordinator.contract.ChildJvm;
import org.osprey.coordinator.core.Ticker;

/**
 * A script of writes to an embedded database that ends at every point where a kill can end it. What
 * is found then is the state before the operation that ran or after it, and after it when somebody
 * was told. The state that belongs there is that of a run that nobody disturbs.
 */
public final class StepKills {
  /** How many of the steps real processes are killed at. */
  private static final int KILLS = Integer.getInteger("database.kills", 6);

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** At the same time, each with a file of its own. */
  private static final int LANES = 2;

  private static final String DONE = "done";
  private static final String STOPPED = "stopped";

  /** Of SQLite's log: its head, and that of each page in it. */
  private static final int LOG_HEAD = 32;

  private static final int PAGE_HEAD = 24;

  private final Path folder;
  private final Script script;
  private final Class<?> child;
  private final Path empty;
  private final Path log;
  private final List<Truth> truths = new ArrayList<>();
  private long steps;

  /** What is written, the same each time. */
  public interface Script {
    /** Folders of tables, which are there before. */
    List<String> features();

    /** One after another; each returns when it is told that its one write is committed. */
    List<Operation> operations(Database database) throws Exception;
  }

  /** Something that writes once. */
  @FunctionalInterface
  public interface Operation {
    void run() throws Exception;
  }

  /**
   * What is there after so many operations.
   *
   * @param logBytes how long the log is then
   */
  private record Truth(long logBytes, List<String> rows) {}

  /** Stops the process at one of its steps. What steps is one thread at a time. */
  private static final class Stop implements Runnable {
    private final long at;
    private long steps;

    private Stop(long at) {
      this.at = at;
    }

    @Override
    public void run() {
      if (++steps == at) {
        say(STOPPED);
        while (true) {
          LockSupport.park(this);
        }
      }
    }
  }

  /**
   * @param folder an empty one
   * @param child its main method is {@link #runChild} with the same script
   */
  public StepKills(Path folder, Script script, Class<?> child) throws Exception {
    this.folder = folder;
    this.script = script;
    this.child = child;
    empty = folder.resolve("empty.db");
    log = folder.resolve("whole.db-wal");
    open(empty, script).close();
    runUndisturbed();
  }

  /** In the child: runs the script, and stops at a step until it is killed. */
  public static void runChild(String[] arguments, Script script) throws Exception {
    Stop stop = new Stop(Long.parseLong(arguments[1]));
    try (Database database = open(Path.of(arguments[0]), script)) {
      WriteSteps.watch(database, stop);
      for (Operation operation : script.operations(database)) {
        operation.run();
        say(DONE);
        stop.run();
      }
    }
  }

  private static void say(String word) {
    System.out.println(word);
    System.out.flush();
  }

  private static Database open(Path file, Script script) {
    DatabaseSettings settings = DatabaseSettings.builder().file(file).build();
    Database database = new Database(settings, script.features(), Ticker.system(), new Random(1));
    database.start();
    await().atMost(PATIENCE).until(() -> database.check().healthy());
    return database;
  }

  private void runUndisturbed() throws Exception {
    Path whole = Files.copy(empty, folder.resolve("whole.db"));
    Stop counting = new Stop(Long.MAX_VALUE);
    try (Database database = open(whole, script)) {
      WriteSteps.watch(database, counting);
      truths.add(new Truth(Files.size(log), TableRows.of(whole)));
      for (Operation operation : script.operations(database)) {
        operation.run();
        counting.run();
        truths.add(new Truth(Files.size(log), TableRows.of(whole)));
      }
      steps = counting.steps;
      Files.copy(log, folder.resolve("log"));
      assertArrayEquals(Files.readAllBytes(empty), Files.readAllBytes(whole), "all is in the log");
    }
  }

  /**
   * Cuts the log and kills processes at their steps, looks at what is found, and prints a line.
   *
   * @param what the script writes, for the line
   */
  public void cutAndKill(String what) throws Exception {
    int cuts = cutAtEveryWrite();
    int killed = killAtSteps();
    int operations = truths.size() - 1;
    assertTrue(steps > 4L * operations, "no steps");
    System.out.printf(
        "R25 fault=kill_9_between_steps database=sqlite of=%s operations=%d steps=%d"
            + " kills=%d cuts_between_file_writes=%d unknown=0%n",
        what, operations, steps, killed, cuts);
  }

  /**
   * Looks at what a kill between two writes to the file leaves: a shorter log. A commit is many
   * such writes, and no step can stop it between them.
   *
   * @return how many there were
   */
  private int cutAtEveryWrite() throws Exception {
    byte[] whole = Files.readAllBytes(folder.resolve("log"));
    List<Integer> cuts = cuts(whole);
    for (int cut : cuts) {
      Path own = Files.createDirectory(folder.resolve("cut"));
      Path file = Files.copy(empty, own.resolve("cut.db"));
      Files.write(own.resolve("cut.db-wal"), Arrays.copyOf(whole, cut));
      assertEquals(truthAt(cut).rows(), TableRows.of(file), () -> "log of %d bytes".formatted(cut));
      delete(own);
    }
    return cuts.size();
  }

  private static List<Integer> cuts(byte[] log) {
    int page = ByteBuffer.wrap(log).getInt(8);
    List<Integer> cuts = new ArrayList<>(List.of(0));
    for (int end = LOG_HEAD; end < log.length; end += PAGE_HEAD + page) {
      cuts.add(end);
      cuts.add(end + PAGE_HEAD);
    }
    cuts.add(log.length);
    return cuts;
  }

  private Truth truthAt(int logBytes) {
    return truths.reversed().stream()
        .filter(truth -> truth.logBytes() <= logBytes)
        .findFirst()
        .orElseThrow();
  }

  /**
   * Kills a process at each of the steps, or as many of them as are to be, evenly.
   *
   * @return how many
   */
  private int killAtSteps() throws Exception {
    long kills = Math.min(steps, KILLS);
    List<Callable<Boolean>> runs = new ArrayList<>();
    for (long kill = 1; kill <= kills; kill++) {
      long step = kill * steps / kills;
      runs.add(() -> killAt(step));
    }
    try (ExecutorService lanes = Executors.newFixedThreadPool(LANES)) {
      for (Future<Boolean> run : lanes.invokeAll(runs)) {
        run.get();
      }
    }
    return runs.size();
  }

  private boolean killAt(long step) throws Exception {
    Path own = Files.createDirectory(folder.resolve("killed-" + step));
    Path file = Files.copy(empty, own.resolve("killed.db"));
    int told = runAndKill(file, step);
    List<String> before = truths.get(told).rows();
    List<String> after = truths.get(Math.min(told + 1, truths.size() - 1)).rows();
    open(file, script).close();
    List<String> found = TableRows.of(file);
    assertTrue(
        found.equals(before) || found.equals(after),
        () -> "step %d, told of %d: %s".formatted(step, told, found));
    delete(own);
    return true;
  }

  /**
   * @return how many operations it was told are committed
   */
  private int runAndKill(Path file, long step) throws IOException {
    Process process = launch(file, step);
    try (BufferedReader output = process.inputReader(UTF_8)) {
      int told = 0;
      String line = output.readLine();
      while (DONE.equals(line)) {
        told++;
        line = output.readLine();
      }
      assertEquals(STOPPED, line, "step " + step);
      return told;
    } finally {
      process.destroyForcibly();
      process.onExit().join();
    }
  }

  private Process launch(Path file, long step) throws IOException {
    return new ProcessBuilder(
            ChildJvm.command(child, List.of("-Xmx128m"), file.toString(), Long.toString(step)))
        .redirectError(Redirect.INHERIT)
        .start();
  }

  private static void delete(Path own) throws IOException {
    try (Stream<Path> files = Files.walk(own)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
