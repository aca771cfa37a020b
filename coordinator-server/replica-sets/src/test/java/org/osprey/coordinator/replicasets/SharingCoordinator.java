package org.osprey.coordinator.replicasets;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.HistogramStats;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.DatabaseSettings;

/** A coordinator as far as its share goes, with connections of its own. */
final class SharingCoordinator implements AutoCloseable {
  /** So many that each of a few coordinators has some. */
  static final Set<String> SWEEPS =
      IntStream.range(0, 40).mapToObj(i -> "sweep-" + i).collect(Collectors.toSet());

  private static final Duration HEARTBEAT = Duration.ofMillis(500);
  private static final Duration STALE = Duration.ofSeconds(4);

  /** For a connection. */
  private static final Duration PATIENT = Duration.ofSeconds(10);

  private static final Duration HASTY = Duration.ofSeconds(1);

  final Database database;
  final MemberShare share;

  SharingCoordinator(String name, String url) {
    this(name, url, STALE);
  }

  SharingCoordinator(String name, String url, Duration stale) {
    this(name, url, stale, PATIENT);
  }

  private SharingCoordinator(String name, String url, Duration stale, Duration busyTimeout) {
    database =
        new Database(
            DatabaseSettings.builder().url(url).busyTimeout(busyTimeout).build(),
            List.of(),
            Ticker.system(),
            new Random(1));
    share = new MemberShare(database, name, HEARTBEAT, stale, Ticker.system());
    database.start();
    share.start();
  }

  /** One that soon gives a connection up. */
  static SharingCoordinator hasty(String name, String url) {
    return new SharingCoordinator(name, url, STALE, HASTY);
  }

  /** Those that it has now. */
  Set<String> sweeps() {
    return SWEEPS.stream().filter(share::has).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether each has some, and none has what another has. */
  static boolean isDivided(SharingCoordinator... coordinators) {
    Set<String> all = new TreeSet<>();
    int count = 0;
    for (SharingCoordinator coordinator : coordinators) {
      Set<String> own = coordinator.sweeps();
      if (own.isEmpty()) {
        return false;
      }
      all.addAll(own);
      count += own.size();
    }
    return all.equals(SWEEPS) && count == SWEEPS.size();
  }

  double figure(String wanted) {
    TreeMap<String, Double> told = new TreeMap<>();
    share.tell(
        new Figures() {
          @Override
          public void counter(String name, String help, long value, String... labels) {
            told.put(name, (double) value);
          }

          @Override
          public void gauge(String name, String help, double value, String... labels) {
            told.put(name, value);
          }

          @Override
          public void histogram(
              String name, String help, HistogramStats durations, String... labels) {
            throw new AssertionError(name);
          }
        });
    Double value = told.get(wanted);
    if (value == null) {
      throw new AssertionError(wanted + " is not among " + told);
    }
    return value;
  }

  @Override
  public void close() {
    share.close();
    database.close();
  }
}
