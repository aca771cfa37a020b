package org.osprey.coordinator.streams.nats;

import java.util.HashMap;
import java.util.Map;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.HistogramStats;
import org.osprey.coordinator.core.Measured;

/** The figures of one part. */
final class Told implements Figures {
  private final Map<String, Long> counters = new HashMap<>();
  private final Map<String, Double> gauges = new HashMap<>();

  static Told by(Measured part) {
    Told told = new Told();
    part.tell(told);
    return told;
  }

  long counted(String name) {
    return counters.getOrDefault(name, -1L);
  }

  double gauge(String name) {
    return gauges.getOrDefault(name, -1.0);
  }

  @Override
  public void counter(String name, String help, long value, String... labels) {
    counters.put(name, value);
  }

  @Override
  public void gauge(String name, String help, double value, String... labels) {
    gauges.put(name, value);
  }

  @Override
  public void histogram(String name, String help, HistogramStats durations, String... labels) {
    throw new AssertionError(name);
  }
}
