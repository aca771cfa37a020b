package org.osprey.coordinator.collectors.builtin.generator;

import java.time.Duration;

/**
 * Says how many events are due. What was held up is caught up with, but never more than {@link
 * #MOST_BEHIND} of it. Belongs to one thread.
 */
final class Pace {
  static final long MOST_BEHIND = Duration.ofSeconds(1).toNanos();

  private final double perNano;
  private final long burst;
  private long origin;
  private long passed;

  /**
   * @param rate events per second, above 0
   * @param burst events that become due together
   */
  Pace(double rate, long burst, long now) {
    this.perNano = rate / 1e9;
    this.burst = burst;
    this.origin = now;
  }

  /** How many are due now, and counts them as emitted. */
  long take(long now) {
    long behind = now - origin - nanosUntil(passed);
    if (behind > MOST_BEHIND) {
      origin += behind - MOST_BEHIND;
    }
    long all = (long) ((now - origin) * perNano) / burst * burst;
    long due = Math.max(0, all - passed);
    passed += due;
    return due;
  }

  /** Nanoseconds until the next ones are due; may be below 1. */
  long untilNext(long now) {
    return origin + nanosUntil(passed + burst) - now;
  }

  private long nanosUntil(long events) {
    return (long) Math.ceil(events / perNano);
  }
}
