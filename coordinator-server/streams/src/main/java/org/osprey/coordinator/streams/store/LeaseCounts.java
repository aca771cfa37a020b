package org.osprey.coordinator.streams.store;

import com.google.errorprone.annotations.ThreadSafe;
import java.util.concurrent.atomic.AtomicLong;
import org.osprey.coordinator.core.Figures;

/** What became of partitions at this coordinator, since its start. */
@ThreadSafe
final class LeaseCounts {
  private final AtomicLong claimed = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong renewalsFailed = new AtomicLong();

  void claimed() {
    claimed.incrementAndGet();
  }

  void lost() {
    lost.incrementAndGet();
  }

  void renewalFailed() {
    renewalsFailed.incrementAndGet();
  }

  void tell(Figures figures, int held) {
    figures.gauge("streams_partitions_held", "Partitions that this coordinator has.", held);
    figures.counter("streams_partitions_claimed", "Partitions that it claimed.", claimed.get());
    figures.counter(
        "streams_partitions_lost", "Partitions that it gave up or could not renew.", lost.get());
    figures.counter(
        "streams_lease_renewals_failed",
        "Rounds in which leases could not be renewed.",
        renewalsFailed.get());
  }
}
