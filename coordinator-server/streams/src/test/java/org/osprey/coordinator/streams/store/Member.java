package org.osprey.coordinator.streams.store;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.DatabaseSettings;
import org.osprey.coordinator.streams.Hold;
import org.osprey.coordinator.streams.RecordedFigures;

/** A coordinator as far as ownership goes, with connections of its own. */
final class Member implements AutoCloseable {
  final Database database;
  final DatabaseSnapshots snapshots;
  final LeasedOwnership ownership;
  final RecordedHolds.Coordinator told;

  Member(
      String name,
      DatabaseSettings settings,
      RecordedHolds holds,
      Duration interval,
      Duration life,
      Ticker ticker) {
    database = Databases.open(settings);
    snapshots = new DatabaseSnapshots(database, name);
    ownership = new LeasedOwnership(database, snapshots, name, interval, life, ticker);
    told = holds.coordinator();
    ownership.tell(told);
  }

  Member start() {
    ownership.start();
    return this;
  }

  /** Ends without a word, as a killed process does. */
  void die() {
    ownership.loops().getFirst().close();
    database.close();
    told.dead();
  }

  /** Whether everything it has is told, and no more than that. */
  boolean has(int partitions) {
    return told.size() == partitions && figure("streams_partitions_held") == partitions;
  }

  double figure(String name) {
    return figures().getOrDefault(name, -1.0);
  }

  Map<String, Double> figures() {
    return RecordedFigures.of(ownership);
  }

  Hold hold(int partition) {
    return told.held().stream()
        .filter(hold -> hold.partition() == partition)
        .findFirst()
        .orElseThrow();
  }

  /** How often it said that it lives, as the database shows. */
  long seenAt(String name) {
    return database
        .read(
            handle ->
                handle
                    .createQuery("select seen_at from stream_instances where owner = :owner")
                    .bind("owner", name)
                    .mapTo(Long.class)
                    .list())
        .stream()
        .findFirst()
        .orElse(0L);
  }

  List<String> instances() {
    return ownership.instances();
  }

  @Override
  public void close() {
    ownership.close();
    database.close();
  }
}
