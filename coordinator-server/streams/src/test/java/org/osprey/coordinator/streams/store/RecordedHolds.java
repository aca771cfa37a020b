package org.osprey.coordinator.streams.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osprey.coordinator.streams.Hold;
import org.osprey.coordinator.streams.Ownership.Listener;
import org.osprey.coordinator.streams.Snapshot;

/** What coordinators were told that share partitions, and what must never be. */
final class RecordedHolds {
  private final Map<Integer, Long> epochs = new ConcurrentHashMap<>();
  private final Map<Integer, Coordinator> current = new ConcurrentHashMap<>();
  private final List<String> faults = new CopyOnWriteArrayList<>();

  /**
   * @return what was wrong: two that have a partition, an epoch that did not grow, calls that do
   *     not alternate
   */
  List<String> faults() {
    return faults;
  }

  Coordinator coordinator() {
    return new Coordinator();
  }

  /** One of them. */
  final class Coordinator implements Listener {
    private final Map<Integer, Hold> held = new ConcurrentHashMap<>();
    private final Map<Integer, List<Snapshot>> streams = new ConcurrentHashMap<>();
    private volatile int failOn = -1;

    /** The next time it gets the partition, it fails. */
    void failOnceOn(int partition) {
      failOn = partition;
    }

    @Override
    public void acquired(Hold hold, List<Snapshot> loaded) {
      Long before = epochs.put(hold.partition(), hold.epoch());
      check(before == null || before < hold.epoch(), "no newer epoch: " + hold);
      check(current.put(hold.partition(), this) == null, "held by two: " + hold);
      if (hold.partition() == failOn) {
        failOn = -1;
        throw new IllegalStateException("as the test wants");
      }
      streams.put(hold.partition(), loaded);
      check(held.put(hold.partition(), hold) == null, "acquired twice: " + hold);
    }

    @Override
    public void lost(Hold hold) {
      current.remove(hold.partition(), this);
      Hold had = held.remove(hold.partition());
      check(had == null || had.equals(hold), "lost another: " + hold);
    }

    /** It died: nobody is told of that. */
    void dead() {
      current.values().removeIf(this::equals);
    }

    int size() {
      return held.size();
    }

    List<Hold> held() {
      return new ArrayList<>(held.values());
    }

    List<Snapshot> streams(int partition) {
      return streams.getOrDefault(partition, List.of());
    }

    private void check(boolean right, String fault) {
      if (!right) {
        faults.add(fault);
      }
    }
  }
}
