package org.osprey.coordinator.benchmarks.e2e;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/** What this process uses. */
final class OwnJvm {
  private static final double NANOS_PER_SECOND = 1e9;

  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final LongAdder pauses = new LongAdder();
  private final LongAdder pausedMillis = new LongAdder();
  private final LongAccumulator longestMillis = new LongAccumulator(Math::max, 0);

  OwnJvm() {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      ((NotificationEmitter) collector)
          .addNotificationListener((notice, back) -> paused(notice), null, null);
    }
  }

  private void paused(Notification notice) {
    if (notice
        .getType()
        .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
      long millis =
          GarbageCollectionNotificationInfo.from((CompositeData) notice.getUserData())
              .getGcInfo()
              .getDuration();
      pauses.increment();
      pausedMillis.add(millis);
      longestMillis.accumulate(millis);
    }
  }

  double cpuSeconds() {
    return system.getProcessCpuTime() / NANOS_PER_SECOND;
  }

  /** Forgets the pauses so far. */
  void reset() {
    pauses.reset();
    pausedMillis.reset();
    longestMillis.reset();
  }

  double pauses() {
    return pauses.sum();
  }

  double pausedMillis() {
    return pausedMillis.sum();
  }

  double longestMillis() {
    return longestMillis.get();
  }

  /** Bytes that a full collection leaves. */
  long liveSet() {
    System.gc();
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .mapToLong(OwnJvm::afterCollection)
        .sum();
  }

  @SuppressWarnings("NullAway") // no usage for a pool that is never collected
  private static long afterCollection(MemoryPoolMXBean pool) {
    return pool.getCollectionUsage() == null ? 0 : pool.getCollectionUsage().getUsed();
  }
}
