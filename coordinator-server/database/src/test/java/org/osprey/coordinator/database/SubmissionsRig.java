package org.osprey.coordinator.database;

import static org.awaitility.Awaitility.await;
import static org.osprey.coordinator.database.TestDatabase.done;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.osprey.coordinator.codec.ActionDecoder;
import org.osprey.coordinator.codec.ActionNumbers;
import org.osprey.coordinator.contract.SourceRig;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.CountingIds;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.Ticker;

/** A table of submissions in a database of its own. */
record SubmissionsRig(Database database, DatabaseSource sender) implements SourceRig {
  private static final ActionDecoder DECODER =
      new ActionDecoder(new CountingIds(), ActionNumbers.BUILT_IN);

  static SubmissionsRig open(DatabaseSettings settings) {
    Database database = database(settings);
    database.start();
    await().atMost(TestDatabase.PATIENCE).until(() -> database.check().healthy());
    DatabaseSource sender =
        new DatabaseSource(
            database, SubmissionSettings.DEFAULTS, new InMemoryDeadLetters(), Ticker.system());
    return new SubmissionsRig(database, sender);
  }

  static Database database(DatabaseSettings settings) {
    return new Database(settings, List.of(DatabaseSource.FEATURE), Ticker.system(), new Random(1));
  }

  static SubmissionSettings settings(int maxStored, int maxInFlight, Duration claim) {
    return new SubmissionSettings(maxStored, maxInFlight, 64L << 20, claim, Duration.ofSeconds(10));
  }

  long rows() {
    return database.read(
        handle -> handle.createQuery("select count(*) from submissions").mapTo(Long.class).one());
  }

  DatabaseSource source(SubmissionSettings settings, DeadLetters deadLetters) {
    return new DatabaseSource(database, settings, deadLetters, Ticker.system());
  }

  @Override
  public DatabaseSource source(DeadLetters deadLetters) {
    return source(SubmissionSettings.DEFAULTS, deadLetters);
  }

  /** In a place where nobody can make a file. */
  @Override
  public DatabaseSource misdirected(DeadLetters deadLetters) {
    Database nowhere =
        database(DatabaseSettings.builder().file(Path.of("/dev/null/coordinator.db")).build());
    nowhere.start();
    nowhere.awaitFirstTry();
    return new DatabaseSource(nowhere, SubmissionSettings.DEFAULTS, deadLetters, Ticker.system());
  }

  @Override
  public String misdirectedSetting() {
    return "database.file";
  }

  /** Through the same door as HTTP: it has been decoded by then. */
  @Override
  public void send(byte[] data, String key, Map<String, String> attributes) {
    try {
      Action action = DECODER.decode(data, attributes::get, Instant.now());
      done(sender.submissions().submit(action));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
