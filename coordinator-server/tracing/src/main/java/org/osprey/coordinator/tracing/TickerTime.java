package org.osprey.coordinator.tracing;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.osprey.coordinator.core.Ticker;

/**
 * Ticker nanoseconds as the wall clock's, by what both showed at one moment. One for each trace, so
 * that spans of a trace fit together although the wall clock is set meanwhile.
 */
record TickerTime(long offset) {

  static TickerTime now(Ticker ticker, InstantSource clock) {
    Instant now = clock.instant();
    long epochNanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    return new TickerTime(epochNanos - ticker.nanos());
  }

  long epochNanos(long ticks) {
    return offset + ticks;
  }
}
