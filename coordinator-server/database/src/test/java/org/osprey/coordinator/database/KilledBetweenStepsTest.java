package org.osprey.coordinator.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.osprey.coordinator.database.TestDatabase.done;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.DeadLetter;

/**
 * Row R25 of the fault table: kills between every two steps by which submissions and dead letters
 * are written. {@code -Ddatabase.kills=200} gives it its full length.
 */
@Timeout(1200)
class KilledBetweenStepsTest {
  @TempDir private Path folder;

  /** What runs in the child. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws Exception {
      StepKills.runChild(arguments, new Life());
    }
  }

  /** Submissions from the call that brings them to their end, one way or the other. */
  private static final class Life implements StepKills.Script {
    @Override
    public List<String> features() {
      return List.of(DatabaseSource.FEATURE, DatabaseDeadLetters.FEATURE);
    }

    @Override
    public List<StepKills.Operation> operations(Database database) {
      SubmissionTable table = new SubmissionTable(database, "me", Duration.ofMinutes(1));
      SubmissionTable other = new SubmissionTable(database, "other", Duration.ofMinutes(1));
      DatabaseDeadLetters letters = new DatabaseDeadLetters(database, InstantSource.system());
      List<StepKills.Operation> operations = new ArrayList<>();
      for (long id = 1; id <= 6; id++) {
        Action action = action(id);
        operations.add(() -> done(table.insert(action)));
      }
      operations.add(() -> done(table.claim(List.of(1L, 2L, 3L))));
      operations.add(() -> done(other.claim(List.of(4L, 5L))));
      operations.add(() -> done(table.renew(List.of(1L, 2L, 3L))));
      operations.add(() -> done(table.delete(List.of(1L, 2L))));
      operations.add(() -> done(letters.put(letter(3))));
      operations.add(() -> done(table.delete(List.of(3L))));
      operations.add(() -> done(other.release(List.of(4L))));
      operations.add(() -> done(letters.put(letter(4))));
      operations.add(() -> letters.remove(List.of("1")));
      operations.add(() -> done(table.releaseAll()));
      operations.add(() -> done(table.claim(List.of(4L, 5L, 6L))));
      operations.add(() -> done(table.delete(List.of(4L, 5L, 6L))));
      return operations;
    }

    /** Of several pages. */
    private static Action action(long id) {
      byte[] payload = "{\"x\":\"%s\"}".formatted("x".repeat(9_000)).getBytes(UTF_8);
      return new Action(id, "killed", Action.Encoding.JSON, payload, null, Instant.EPOCH);
    }

    private static DeadLetter letter(long id) {
      return new DeadLetter(
          DeadLetter.Reason.NACKED,
          "database",
          "row=" + id,
          new DeadLetter.Decoded(action(id)),
          3,
          0,
          "nacked",
          null);
    }
  }

  @Test
  void r25SubmissionsAndDeadLettersAreWhatWasToldOfThem() throws Exception {
    new StepKills(folder, new Life(), Child.class).cutAndKill("submissions");
  }
}
