package org.osprey.coordinator.collectors.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.osprey.coordinator.collector.Severity;
import org.osprey.coordinator.collectors.flow.Encoded;
import org.osprey.coordinator.collectors.flow.SpillStore.Batch;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.DatabaseSettings;

/** A file with spilled events and positions. */
final class TestStore implements AutoCloseable {
  private final Database database;
  private final DatabaseSpill spill;
  private final DatabasePositions positions;

  TestStore(Path file) {
    DatabaseSettings settings =
        DatabaseSettings.builder().file(file).writeTimeout(Duration.ofSeconds(2)).build();
    database =
        new Database(settings, List.of(DatabaseSpill.FEATURE), Ticker.system(), new Random(1));
    database.start();
    spill = new DatabaseSpill(database, Ticker.system());
    positions = new DatabasePositions(database, Ticker.system());
    positions.start();
  }

  Database database() {
    return database;
  }

  DatabaseSpill spill() {
    return spill;
  }

  DatabasePositions positions() {
    return positions;
  }

  /** All that is stored of a collector, in the order in which it is read. */
  List<Batch> batches(String collector) {
    List<Batch> batches = new ArrayList<>();
    for (Batch next = spill.next(collector, null);
        next != null;
        next = spill.next(collector, next)) {
      batches.add(next);
    }
    return batches;
  }

  @Override
  public void close() {
    positions.close();
    database.close();
  }

  /** Events of one epoch with seqs from one to before another. */
  static List<Encoded> events(String collector, long epoch, long from, long to) {
    return LongStream.range(from, to)
        .mapToObj(
            seq ->
                new Encoded(
                    collector,
                    epoch,
                    seq,
                    "tést",
                    seq % 2 == 0 ? Severity.CRITICAL : Severity.DEBUG,
                    "{\"n\":%d}".formatted(seq).getBytes(UTF_8),
                    0,
                    () -> {}))
        .toList();
  }

  /** Changes the file as no part of us would. */
  static void tamper(Path file, String statement) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement tampering = connection.createStatement()) {
      tampering.execute(statement);
    }
  }
}
