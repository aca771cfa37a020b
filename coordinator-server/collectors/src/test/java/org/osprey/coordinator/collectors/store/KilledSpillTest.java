package org.osprey.coordinator.collectors.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.collectors.flow.Encoded;
import org.osprey.coordinator.contract.ChildJvm;

/** A process that stores events is killed without warning; what it stored is there, in order. */
class KilledSpillTest {
  private static final int KILLS = 5;
  private static final int BATCH = 50;

  @TempDir Path folder;

  /** What runs in the child: stores batch after batch, and prints the seq that is next. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) {
      TestStore store = new TestStore(Path.of(arguments[0]));
      for (long seq = Long.parseLong(arguments[1]); ; seq += BATCH) {
        store.spill().append(TestStore.events("a", 1, seq, seq + BATCH));
        System.out.println(seq + BATCH);
        System.out.flush();
      }
    }
  }

  @Test
  void whatWasStoredBeforeAKillIsThereAfterItAndComplete() throws IOException {
    Path file = folder.resolve("collectors.db");
    long stored = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      long said = runAndKill(file, stored);
      try (TestStore store = new TestStore(file)) {
        List<Long> seqs =
            store.batches("a").stream()
                .flatMap(batch -> batch.events().stream())
                .map(Encoded::seq)
                .toList();
        // One batch more may be stored than the child lived to say.
        assertTrue(seqs.size() >= said && seqs.size() <= said + BATCH, seqs.size() + " of " + said);
        assertEquals(LongStream.range(0, seqs.size()).boxed().toList(), seqs);
        stored = seqs.size();
      }
    }
  }

  /**
   * @return how many events the child said it had stored
   */
  private static long runAndKill(Path file, long from) throws IOException {
    Process child =
        new ProcessBuilder(
                ChildJvm.command(
                    Child.class, List.of("-Xmx128m"), file.toString(), Long.toString(from)))
            .redirectError(Redirect.INHERIT)
            .start();
    long said = from;
    int lines = 0;
    try (BufferedReader output = child.inputReader(UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (!line.matches("\\d+")) {
          continue;
        }
        said = Long.parseLong(line);
        if (++lines == 10) {
          // The process itself would also close what is to be read from it.
          child.toHandle().destroyForcibly();
        }
      }
      assertTrue(lines >= 10, "child ended by itself");
      return said;
    } finally {
      child.destroyForcibly();
    }
  }
}
