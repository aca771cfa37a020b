package org.osprey.coordinator.replica.projection;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.replica.event.EventReader;

/**
 * What one projection does on this worker, through all generations. Written by the thread of its
 * run, read by any.
 */
final class ProjectionStats {
  private static final long NONE = Long.MIN_VALUE;

  final LongAdder batches = new LongAdder();
  final LongAdder events = new LongAdder();
  final LongAdder parked = new LongAdder();
  final LongAdder handlerFailures = new LongAdder();
  final LongAdder deadPositions = new LongAdder();

  private volatile long last = NONE;
  private volatile long lag = NONE;
  private volatile long gapSince = NONE;

  /**
   * After a look at the horizon.
   *
   * @param position behind which the slowest of its slots is
   */
  void looked(EventReader reader, long position, long nowNanos) {
    EventReader.@Nullable Gap gap = reader.gap();
    gapSince = gap == null ? NONE : nowNanos - gap.age().toNanos();
    last = reader.last();
    reached(position);
  }

  void reached(long position) {
    lag = Math.max(0, last - position);
  }

  /** It does nothing any more, until another generation begins. */
  void ended() {
    lag = NONE;
    gapSince = NONE;
  }

  /** Positions that are still before it; not a number while it has no slots. */
  double lag() {
    long behind = lag;
    return behind == NONE ? Double.NaN : behind;
  }

  /** Seconds for which it has waited for a position; zero when it does not. */
  double gapSeconds(long nowNanos) {
    long since = gapSince;
    return since == NONE ? 0 : Math.max(0, nowNanos - since) / 1e9;
  }
}
