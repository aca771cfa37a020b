package org.osprey.coordinator.ctl.load;

import java.util.concurrent.atomic.AtomicLong;

/**
 * When calls are due. With a rate, each has its time whether or not the ones before are answered: a
 * coordinator that is late does not make the load lighter.
 */
final class Pace {
  private static final double NANOS_PER_SECOND = 1e9;

  private final long start;
  private final double nanosBetween;
  private final AtomicLong next = new AtomicLong();

  /**
   * @param start nanoseconds of the ticker
   * @param rate calls a second; 0 for as many as there are answers to
   */
  Pace(long start, double rate) {
    this.start = start;
    nanosBetween = rate == 0 ? 0 : NANOS_PER_SECOND / rate;
  }

  /** When the next call is due; each is given out once. */
  long due(long now) {
    return nanosBetween == 0 ? now : start + Math.round(next.getAndIncrement() * nanosBetween);
  }
}
