package org.osprey.coordinator.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.contract.ChildJvm;

/**
 * Row R25 of the fault table: a process that writes is killed without warning, at any time; what it
 * was told is stored must be there.
 */
class KilledProcessTest {
  private static final int KILLS = Integer.getInteger("database.kills", 20);

  /** At the same time, each with a file of its own. */
  private static final int LANES = 2;

  static final String STORED = "stored ";

  @TempDir Path folder;

  /** What runs in the child: writes numbers from the given one on, and prints what is stored. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws InterruptedException {
      Semaphore room = new Semaphore(64);
      Database database =
          TestDatabase.open(DatabaseSettings.builder().file(Path.of(arguments[0])).build());
      for (long next = Long.parseLong(arguments[1]); ; next++) {
        room.acquire();
        long number = next;
        database
            .write(TestDatabase.insert(number))
            .whenComplete((rows, failure) -> ended(room, number, failure));
      }
    }

    private static void ended(Semaphore room, long number, @Nullable Throwable failure) {
      System.out.println(failure == null ? STORED + number : "failed: " + failure);
      System.out.flush();
      room.release();
    }
  }

  @Test
  void r25WhatWasStoredBeforeAKillIsThereAfterIt() {
    List<CompletableFuture<Integer>> lanes =
        IntStream.range(0, LANES)
            .mapToObj(lane -> CompletableFuture.supplyAsync(() -> killAgainAndAgain(lane)))
            .toList();
    int stored = lanes.stream().mapToInt(CompletableFuture::join).sum();
    System.out.printf(
        "R25 fault=kill_9_at_any_time database=sqlite kills=%d accepted_writes=%d unknown=0%n",
        KILLS / LANES * LANES, stored);
  }

  /**
   * @return how much was stored
   */
  private int killAgainAndAgain(int lane) {
    Path file = folder.resolve("killed-" + lane + ".db");
    Random random = new Random(lane);
    Set<Long> stored = new HashSet<>();
    try {
      for (int kill = 0; kill < KILLS / LANES; kill++) {
        runAndKill(file, stored, 1 + random.nextInt(1000));
        assertNothingPilesUp(file);
        Set<Long> found = found(file);
        assertTrue(found.containsAll(stored), () -> missing(stored, found));
      }
      return stored.size();
    } catch (IOException | SQLException e) {
      throw new CompletionException(e);
    }
  }

  /** The driver's library, unpacked by the last child, and its mark that it is in use. */
  private static void assertNothingPilesUp(Path file) {
    List<String> unpacked = names(file.resolveSibling(file.getFileName() + ".native"));
    assertEquals(2, unpacked.size(), unpacked::toString);
    assertEquals(List.of(), names(temp(file)));
  }

  private static Path temp(Path file) {
    return file.resolveSibling(file.getFileName() + ".temp");
  }

  private static List<String> names(Path folder) {
    return List.of(Objects.requireNonNull(folder.toFile().list()));
  }

  /** Kills the child when it has stored so many, and takes in what it still managed to say. */
  private static void runAndKill(Path file, Set<Long> stored, int writes) throws IOException {
    Process child = launch(file, stored.stream().mapToLong(number -> number + 1).max().orElse(0));
    try (BufferedReader output = child.inputReader(UTF_8)) {
      int left = writes;
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        assertTrue(line.startsWith(STORED), line);
        stored.add(Long.valueOf(line.substring(STORED.length())));
        left--;
        if (left == 0) {
          // The process itself would also close what is to be read from it.
          child.toHandle().destroyForcibly();
        }
      }
      assertTrue(left <= 0, "child ended by itself");
    } finally {
      child.destroyForcibly();
    }
  }

  private static Process launch(Path file, long from) throws IOException {
    return new ProcessBuilder(command(file, from)).redirectError(Redirect.INHERIT).start();
  }

  /** That starts the child. */
  static List<String> command(Path file, long from) throws IOException {
    return ChildJvm.command(
        Child.class,
        List.of("-Xmx128m", "-Djava.io.tmpdir=" + Files.createDirectories(temp(file))),
        file.toString(),
        Long.toString(from));
  }

  private static Set<Long> found(Path file) throws SQLException {
    Set<Long> found = new HashSet<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      try (ResultSet rows = statement.executeQuery("select number from numbers")) {
        while (rows.next()) {
          found.add(rows.getLong(1));
        }
      }
      try (ResultSet check = statement.executeQuery("pragma quick_check")) {
        assertEquals("ok", check.getString(1));
      }
    }
    return found;
  }

  private static String missing(Set<Long> stored, Set<Long> found) {
    Set<Long> missing = new HashSet<>(stored);
    missing.removeAll(found);
    return "lost: " + missing;
  }
}
