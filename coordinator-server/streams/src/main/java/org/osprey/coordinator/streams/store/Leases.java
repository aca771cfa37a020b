package org.osprey.coordinator.streams.store;

import com.google.errorprone.annotations.ThreadSafe;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.streams.Hold;

/** The partitions that this coordinator has. One thread changes them, any may look. */
@ThreadSafe
final class Leases {
  @SuppressWarnings("ThreadSafe") // it is
  private final ConcurrentSkipListMap<Integer, Lease> leases = new ConcurrentSkipListMap<>();

  void put(Lease lease) {
    leases.put(lease.hold().partition(), lease);
  }

  void remove(Hold hold) {
    leases.computeIfPresent(
        hold.partition(), (partition, lease) -> lease.hold().equals(hold) ? null : lease);
  }

  /** Null for one that is not ours, or not with this epoch. */
  @Nullable Lease get(Hold hold) {
    Lease lease = leases.get(hold.partition());
    return lease != null && lease.hold().equals(hold) ? lease : null;
  }

  boolean has(int partition) {
    return leases.containsKey(partition);
  }

  int size() {
    return leases.size();
  }

  List<Lease> all() {
    return List.copyOf(leases.values());
  }

  List<Hold> holds() {
    return leases.values().stream().map(Lease::hold).toList();
  }

  @Nullable Lease last() {
    var last = leases.lastEntry();
    return last == null ? null : last.getValue();
  }

  @Nullable Lease first(Predicate<Lease> wanted) {
    return leases.values().stream().filter(wanted).findFirst().orElse(null);
  }
}
