package org.osprey.coordinator.streams.store;

import com.google.errorprone.annotations.ThreadSafe;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.streams.Hold;

/** The partitions that this coordinator has. One thread changes them, any may look. */
@ThreadSafe
final class Leases {
  /** By partition. An array, because every update of every stream looks here. */
  @SuppressWarnings("ThreadSafe") // it is
  private final AtomicReferenceArray<@Nullable Lease> leases =
      new AtomicReferenceArray<>(Hold.PARTITIONS);

  void put(Lease lease) {
    leases.set(lease.hold().partition(), lease);
  }

  void remove(Hold hold) {
    if (get(hold) != null) {
      leases.set(hold.partition(), null);
    }
  }

  /** Null for one that is not ours, or not with this epoch. */
  @Nullable Lease get(Hold hold) {
    Lease lease = leases.get(hold.partition());
    return lease != null && lease.hold().equals(hold) ? lease : null;
  }

  boolean has(int partition) {
    return leases.get(partition) != null;
  }

  int size() {
    return (int) stream().count();
  }

  List<Lease> all() {
    return stream().toList();
  }

  List<Hold> holds() {
    return stream().map(Lease::hold).toList();
  }

  @Nullable Lease last() {
    return stream().reduce((earlier, later) -> later).orElse(null);
  }

  @Nullable Lease first(Predicate<Lease> wanted) {
    return stream().filter(wanted).findFirst().orElse(null);
  }

  private Stream<Lease> stream() {
    return IntStream.range(0, Hold.PARTITIONS).mapToObj(leases::get).filter(Objects::nonNull);
  }
}
