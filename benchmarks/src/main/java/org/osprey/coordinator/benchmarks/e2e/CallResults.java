package org.osprey.coordinator.benchmarks.e2e;

import java.util.concurrent.atomic.LongAdder;

/** What became of the calls that were answered while it was measured. */
final class CallResults {
  private final Latencies good = new Latencies();
  private final Latencies refused = new Latencies();
  private final LongAdder errors = new LongAdder();
  private double seconds;
  private double cpuMillis;

  /** Calls with the right verdicts. */
  Latencies good() {
    return good;
  }

  /** Calls for which the queue had no room. */
  Latencies refused() {
    return refused;
  }

  /** A call that ended in any other way. */
  void addError() {
    errors.increment();
  }

  double errors() {
    return (double) errors.sum();
  }

  /** Refused ones, too. */
  double failures() {
    return errors() + refused.count();
  }

  /** Said once, at the end. */
  void lasted(double seconds, double cpuMillis) {
    this.seconds = seconds;
    this.cpuMillis = cpuMillis;
  }

  /** Good ones. */
  double perSecond() {
    return good.count() / seconds;
  }

  double answeredPerSecond() {
    return (good.count() + refused.count() + errors()) / seconds;
  }

  /** The coordinator's, for good ones. */
  double cpuMillisPerThousand() {
    return cpuMillis * 1000 / good.count();
  }
}
