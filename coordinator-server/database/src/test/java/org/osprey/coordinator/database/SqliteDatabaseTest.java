package org.osprey.coordinator.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.osprey.coordinator.database.TestDatabase.PATIENCE;
import static org.osprey.coordinator.database.TestDatabase.done;
import static org.osprey.coordinator.database.TestDatabase.failure;
import static org.osprey.coordinator.database.TestDatabase.insert;
import static org.osprey.coordinator.database.TestDatabase.numbers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.database.DatabaseException.Reason;

class SqliteDatabaseTest implements DatabaseContract {
  @TempDir Path folder;

  @Override
  public DatabaseSettings.Builder settings() {
    return DatabaseSettings.builder().file(file());
  }

  @Test
  void aCommitIsOnTheDiskAndForeignKeysHold() throws Exception {
    try (Database database = TestDatabase.open(settings().build())) {
      assertEquals("wal", done(database.write(handle -> pragma(handle, "journal_mode"))));
      assertEquals("2", done(database.write(handle -> pragma(handle, "synchronous"))), "not FULL");
      assertEquals("1", done(database.write(handle -> pragma(handle, "foreign_keys"))));
      assertEquals("5000", done(database.write(handle -> pragma(handle, "busy_timeout"))));
      assertEquals("5000", database.read(handle -> pragma(handle, "busy_timeout")));
    }
  }

  @Test
  void theFileIsForItsOwnerOnly() throws Exception {
    try (Database database = TestDatabase.open(settings().build())) {
      done(database.write(insert(1)));
      for (String name : new String[] {"test.db", "test.db-wal"}) {
        Path part = file().resolveSibling(name);
        assertEquals(
            "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(part)));
      }
    }
  }

  @Test
  void aSecondCoordinatorWaitsUntilTheFirstIsGone() throws Exception {
    Database first = TestDatabase.open(settings().build());
    try (Database second = TestDatabase.open(settings().build())) {
      CompletionStage<Integer> write = second.write(insert(1));
      assertTroubled(second, "database.file=" + file() + ": another coordinator uses the file");
      assertFalse(write.toCompletableFuture().isDone());
      assertTrue(first.check().healthy());
      first.close();
      done(write);
      assertTrue(second.check().healthy());
    }
  }

  @Test
  void aFileThatIsNoDatabaseIsNamedAndLeftAsItIs() throws IOException {
    Files.createDirectories(file().getParent());
    String text = "no database, but a shopping list\n".repeat(100);
    Files.writeString(file(), text, UTF_8);
    try (Database database = TestDatabase.open(settings().build())) {
      assertTroubled(database, "database.file=" + file() + ": the file is no database");
    }
    assertEquals(text, Files.readString(file(), UTF_8));
  }

  @Test
  void aDamagedFileIsNamed() throws Exception {
    try (Database database = TestDatabase.open(settings().build())) {
      done(database.write(insert(1)));
    }
    byte[] bytes = Files.readAllBytes(file());
    for (int i = 100; i < bytes.length; i++) {
      bytes[i] = (byte) 0xa5;
    }
    Files.write(file(), bytes);
    try (Database database = TestDatabase.open(settings().build())) {
      assertTroubled(database, "database.file=" + file() + ": the file is damaged");
    }
  }

  @Test
  void aFolderNobodyMayWriteToIsNamed() {
    // Not even root may make a file there.
    Path file = Path.of("/proc/coordinator/test.db");
    DatabaseSettings settings = DatabaseSettings.builder().file(file).build();
    try (Database database = TestDatabase.open(settings)) {
      assertTroubled(database, "database.file=/proc/coordinator/test.db: cannot make /proc");
    }
  }

  @Test
  void aFolderThatIsAFileIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "", UTF_8).resolve("test.db");
    DatabaseSettings settings = DatabaseSettings.builder().url("sqlite:" + file).build();
    try (Database database = TestDatabase.open(settings)) {
      assertTroubled(database, "database.url=sqlite:" + file + ": cannot make");
    }
  }

  @Test
  void aFullDiskIsNamedAndWhatDoesNotFitFails() throws Exception {
    try (Database database = TestDatabase.open(settings().build())) {
      done(database.write(insert(1)));
      CompletionStage<Integer> large =
          database.write(
              handle -> {
                // As good as a disk that is full: it ends with the connection.
                pragma(handle, "max_page_count=" + pragma(handle, "page_count"));
                return handle.execute(
                    "insert into numbers (number, text) values (2, ?)", "x".repeat(1 << 20));
              });
      AtomicReference<String> checkedThen = new AtomicReference<>();
      DatabaseException failure =
          assertInstanceOf(
              DatabaseException.class,
              failure(
                  large.whenComplete((rows, fault) -> checkedThen.set(database.check().detail()))));
      assertEquals(Reason.UNAVAILABLE, failure.reason());
      assertEquals("database.file=" + file() + ": disk is full", failure.getMessage());
      assertEquals(failure.getMessage(), checkedThen.get());
      done(database.write(insert(3)));
      assertTrue(database.check().healthy());
      assertEquals(Set.of(1L, 3L), numbers(database));
      assertEquals(4, database.stats().retries());
    }
  }

  @Test
  void anotherProgramsLockIsNamedAndWaitedFor() throws Exception {
    try (Database database =
            TestDatabase.open(settings().busyTimeout(Duration.ofMillis(250)).build());
        Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = other.createStatement()) {
      statement.execute("begin immediate");
      CompletionStage<Integer> write = database.write(insert(1));
      await()
          .atMost(PATIENCE)
          .until(() -> database.check().detail().endsWith(": another program keeps it locked"));
      statement.execute("commit");
      done(write);
      assertTrue(database.check().healthy());
    }
  }

  @Test
  void whatCannotBeWrittenInTimeFails() throws Exception {
    try (Database database =
            TestDatabase.open(
                settings()
                    .busyTimeout(Duration.ofMillis(250))
                    .writeTimeout(Duration.ofMillis(300))
                    .build());
        Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = other.createStatement()) {
      statement.execute("begin immediate");
      CompletionStage<Integer> first = database.write(insert(1));
      CompletionStage<Integer> second = database.write(insert(2));
      for (CompletionStage<Integer> write : List.of(first, second)) {
        DatabaseException failure = assertInstanceOf(DatabaseException.class, failure(write));
        assertEquals(Reason.UNAVAILABLE, failure.reason());
        String message = String.valueOf(failure.getMessage());
        assertTrue(message.endsWith("another program keeps it locked"), message);
      }
      statement.execute("rollback");
      assertEquals(Set.of(), numbers(database));
    }
  }

  private Path file() {
    return folder.resolve("new/folder/test.db");
  }

  private static String pragma(Handle handle, String name) {
    return handle.createQuery("pragma " + name).mapTo(String.class).one();
  }

  private static void assertTroubled(Database database, String begin) {
    Check check = database.check();
    assertFalse(check.healthy());
    assertTrue(check.detail().startsWith(begin), check::detail);
  }
}
