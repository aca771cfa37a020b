package org.osprey.coordinator.collectors.builtin.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.osprey.coordinator.collectors.builtin.RecordingEmitter.attribute;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.collector.Collector;
import org.osprey.coordinator.collector.Event;
import org.osprey.coordinator.collectors.builtin.FakeContext;
import org.osprey.coordinator.collectors.builtin.RecordingEmitter;

class FileCollectorTest {
  private final FileKind kind = new FileKind();
  private final RecordingEmitter emitter = new RecordingEmitter();
  private FakeContext context = new FakeContext("logs");
  @TempDir private Path folder;

  @Test
  void linesAreToldAsTheyAreAdded() throws Exception {
    append("a.log", "one\ntwo\r\n\nthree");
    Collector file = start(From.BEGINNING, "*.log");
    assertEquals(List.of("one", "two"), lines());
    append("a.log", " and more\n");
    poll();
    Event event = emitter.take().getFirst();
    assertEquals("three and more", RecordingEmitter.text(event));
    assertEquals("file.line", event.type());
    assertEquals("10", attribute(event, "offset"));
    assertEquals(folder.resolve("a.log").toString(), attribute(event, "path"));
    assertEquals("follows 1 files", file.health().detail());
  }

  @Test
  void fromTheEndIsOnlyForFilesThatAreThereAtTheVeryFirst() throws Exception {
    append("a.log", "old\nbegun");
    start(From.END, "*.log");
    assertEquals(List.of(), lines());
    append("a.log", " new\n");
    append("b.log", "first\n");
    poll();
    assertEquals(List.of("begun new", "first"), lines());
    append("c.log", "while it was down\n");
    crash();
    start(From.END, "*.log");
    assertEquals(List.of("while it was down"), lines());
  }

  @Test
  void aRenamedFileIsReadToItsEndBeforeTheNewOneIsBegun() throws Exception {
    append("a.log", "1\n");
    start(From.BEGINNING, "*.log");
    append("a.log", "2\n");
    rename("a.log", "a.log.1");
    append("a.log", "4\n");
    append("a.log.1", "3\n");
    poll();
    poll();
    assertEquals(List.of("1", "2", "3", "4"), lines());
  }

  @Test
  void aRenamedFileIsLetGoAfterAWhileWithItsLastLine() throws Exception {
    append("a.log", "1\n");
    Collector file = start(From.BEGINNING, "*.log");
    rename("a.log", "a.log.1");
    append("a.log.1", "late\nunfinished");
    append("a.log", "new\n");
    poll();
    poll();
    context.advance(Following.LINGER);
    poll();
    poll();
    assertEquals(List.of("1", "late", "new", "unfinished"), lines());
    assertEquals("follows 1 files", file.health().detail());
  }

  @Test
  void aRenamedFileThatStillMatchesIsNotReadTwice() throws Exception {
    append("a.log", "1\n");
    start(From.BEGINNING, "a.log*");
    rename("a.log", "a.log.1");
    append("a.log", "2\n");
    poll();
    poll();
    assertEquals(List.of("1", "2"), lines());
  }

  @Test
  void whatWasRenamedWhileItWasDownIsReadFirst() throws Exception {
    append("a.log", "1\n2\n");
    start(From.BEGINNING, "a.log");
    poll();
    append("a.log", "3\n");
    rename("a.log", "a.log.1");
    append("a.log", "4\n");
    crash();
    start(From.BEGINNING, "a.log");
    poll();
    assertEquals(List.of("1", "2", "3", "4"), lines());
  }

  @Test
  void anEmptiedFileIsReadFromItsBeginning() throws Exception {
    append("a.log", "1\n2\n");
    start(From.BEGINNING, "*.log");
    Files.writeString(folder.resolve("a.log"), "3\n");
    poll();
    assertEquals(List.of("1", "2", "3"), lines());
  }

  @Test
  void anEmptiedFileIsKnownByItsBeginningAlsoWhenItGrewLonger() throws Exception {
    append("a.log", "1\n2\n");
    start(From.BEGINNING, "*.log");
    Files.writeString(folder.resolve("a.log"), "three\nfour\nfive\n");
    poll();
    assertEquals(List.of("1", "2", "three", "four", "five"), lines());
  }

  @Test
  void aFileWithAnInodeThatIsKnownIsAnotherOneIfItBeginsOtherwise() throws Exception {
    append("a.log", "old one\n");
    start(From.BEGINNING, "*.log");
    crash();
    // the same inode, as a file system gives it again
    Files.writeString(folder.resolve("a.log"), "new one\nnew two\n");
    start(From.BEGINNING, "*.log");
    assertEquals(List.of("old one", "new one", "new two"), lines());
  }

  @Test
  void aLongLineIsCutAndTheNextOneIsWhole() throws Exception {
    String umlauts = "ä".repeat(600_000);
    append("a.log", "x".repeat(41) + "\n" + umlauts + "\nnext\n");
    start(From.BEGINNING, "*.log");
    List<Event> events = emitter.take();
    assertEquals("x".repeat(40), RecordingEmitter.text(events.get(0)));
    assertEquals("true", attribute(events.get(0), "cut"));
    assertEquals("ä".repeat(20), RecordingEmitter.text(events.get(1)));
    assertEquals("next", RecordingEmitter.text(events.get(2)));
    assertFalse(events.get(2).attributes().containsKey("cut"));
    assertEquals(3, events.size());
  }

  @Test
  void aLongLineThatGrowsIsToldOnce() throws Exception {
    start(From.BEGINNING, "*.log");
    append("a.log", "x".repeat(100));
    poll();
    append("a.log", "y".repeat(100));
    poll();
    append("a.log", "z\nnext\n");
    poll();
    assertEquals(List.of("x".repeat(40), "next"), lines());
  }

  @Test
  void whatIsNoTextIsReplaced() throws Exception {
    Files.write(folder.resolve("a.log"), new byte[] {'a', (byte) 0xFF, 'b', '\n'});
    start(From.BEGINNING, "*.log");
    assertEquals(List.of("a\uFFFDb"), lines());
  }

  @Test
  void afterACrashOnlyWhatWasNotSettledInOrderComesAgain() throws Exception {
    append("a.log", "1\n2\n3\n4\n");
    emitter.hold();
    start(From.BEGINNING, "*.log");
    emitter.settle(0); // the first
    emitter.settle(1); // the third
    poll();
    crash();
    start(From.BEGINNING, "*.log");
    assertEquals(List.of("1", "2", "3", "4", "2", "3", "4"), lines());
  }

  @Test
  void aCutLineComesAgainWholeWhenItsEndWasNotThere() throws Exception {
    append("a.log", "x".repeat(100));
    start(From.BEGINNING, "*.log");
    poll();
    crash();
    append("a.log", "y\nnext\n");
    start(From.BEGINNING, "*.log");
    assertEquals(List.of("x".repeat(40), "x".repeat(40), "next"), lines());
  }

  @Test
  void linesThatAreSettledAfterTheCloseCountUntilThereIsASuccessor() throws Exception {
    append("a.log", "1\n2\n3\n");
    emitter.hold();
    Collector file = start(From.BEGINNING, "*.log");
    file.close();
    emitter.settle(0);
    context.advance(Duration.ofSeconds(1));
    emitter.settle(0);
    context = context.successor();
    Collector next = start(From.BEGINNING, "*.log");
    assertEquals(List.of("1", "2", "3", "3"), lines());
    int saves = context.saves();
    emitter.settle(0);
    assertEquals(saves, context.saves());
    next.close();
  }

  @Test
  void positionsAreSavedAtMostTenTimesASecond() throws Exception {
    start(From.BEGINNING, "*.log");
    int before = context.saves();
    for (int i = 0; i < 100; i++) {
      append("a.log", i + "\n");
      context.advance(i == 0 ? FileCollector.DISCOVERY : Duration.ofMillis(10));
      context.poll();
    }
    assertEquals(100, lines().size());
    int saves = context.saves() - before;
    assertTrue(saves >= 9 && saves <= 11, () -> "got " + saves);
  }

  @Test
  void filesBeyondTheLimitAreLeftOutAndThatIsSaid() throws Exception {
    for (int i = 0; i < 5; i++) {
      append(i + ".log", i + "\n");
    }
    Collector file =
        kind.create(
            new FileConfig(
                List.of(folder + "/*.log"), From.BEGINNING, Duration.ofSeconds(1), 40, 3),
            context);
    file.start(emitter);
    poll();
    assertEquals(3, lines().size());
    assertEquals("max_files: 2 files more match than the 3 that are read", file.health().detail());
    assertFalse(file.health().healthy());
  }

  @Test
  void patternsReachIntoFoldersAndLeaveOutWhatIsPacked() throws Exception {
    Files.createDirectories(folder.resolve("x/y"));
    append("x/a.log", "1\n");
    append("x/y/b.log", "2\n");
    append("x/y/c.log.gz", "3\n");
    start(From.BEGINNING, "**/*.log*");
    assertEquals(List.of("1", "2"), lines());
    assertEquals(
        List.of(folder.resolve("x/a.log")),
        List.copyOf(Globs.find(List.of(folder + "/*/*.log", "/nowhere/*.log"))));
  }

  @Test
  void manyFilesFitIntoOnePosition() throws Exception {
    for (int i = 0; i < 512; i++) {
      append("a-file-with-quite-a-long-name-" + i + ".log", "x".repeat(39) + "\n");
    }
    Collector file =
        kind.create(
            new FileConfig(
                List.of(folder + "/*.log"), From.BEGINNING, Duration.ofSeconds(1), 40, 512),
            context);
    file.start(emitter);
    poll();
    poll();
    assertEquals(512, lines().size());
    assertTrue(file.health().healthy());
    assertTrue(context.saved().orElseThrow().getBytes(UTF_8).length < 64 * 1024);
    context = context.successor();
    start(From.BEGINNING, "*.log");
    assertEquals(List.of(), lines());
  }

  @Test
  void positionsThatCannotBeReadMeanFromTheBeginning() throws Exception {
    append("a.log", "1\n");
    context.save("{\"files\": [[1]]}");
    start(From.END, "*.log");
    assertEquals(List.of("1"), lines());
  }

  @Test
  void refusalsNameTheKey() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> new FileConfig(List.of("/a[", ""), From.END, Duration.ZERO, 1, 513));
    for (String key : List.of("paths", "poll_interval", "max_line", "max_files")) {
      assertTrue(String.valueOf(refused.getMessage()).contains(key + ": want"), refused.toString());
    }
    assertThrows(IllegalArgumentException.class, () -> kind.create(FileConfig.DEFAULTS, context));
  }

  private Collector start(From from, String pattern) throws Exception {
    Collector file =
        kind.create(
            new FileConfig(List.of(folder + "/" + pattern), from, Duration.ofMillis(250), 40, 512),
            context);
    file.start(emitter);
    poll();
    return file;
  }

  /** As long after the last one that it looks for files too. */
  private void poll() throws Exception {
    context.advance(FileCollector.DISCOVERY);
    context.poll();
  }

  /** Nothing is closed, and what was not saved is lost. */
  private void crash() {
    context = context.successor();
  }

  private List<String> lines() {
    return emitter.take("file.line").stream().map(RecordingEmitter::text).toList();
  }

  private void append(String name, String text) throws IOException {
    Files.writeString(
        folder.resolve(name), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private void rename(String from, String to) throws IOException {
    Files.move(folder.resolve(from), folder.resolve(to), StandardCopyOption.ATOMIC_MOVE);
  }
}
