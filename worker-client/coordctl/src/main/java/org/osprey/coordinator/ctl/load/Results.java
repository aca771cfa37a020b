package org.osprey.coordinator.ctl.load;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Counts answers and their latency. Many threads write to it. */
final class Results {
  private static final long LONGEST = TimeUnit.HOURS.toNanos(1);
  private static final int DIGITS = 3;

  private final Histogram latency = new ConcurrentHistogram(LONGEST, DIGITS);
  private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();

  /**
   * @param answer as {@link Call#send} gives it
   * @param nanos since the call was due
   */
  void add(String answer, long nanos) {
    if (answer.equals(Call.OK)) {
      latency.recordValue(Math.clamp(nanos, 0, LONGEST));
    } else {
      errors.computeIfAbsent(answer, code -> new LongAdder()).increment();
    }
  }

  /** Of the calls that went well. */
  Histogram latency() {
    return latency.copy();
  }

  long good() {
    return latency.getTotalCount();
  }

  long failed() {
    return errors.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** By code. */
  Map<String, Long> errors() {
    Map<String, Long> counts = new TreeMap<>();
    errors.forEach((code, count) -> counts.put(code, count.sum()));
    return counts;
  }
}
