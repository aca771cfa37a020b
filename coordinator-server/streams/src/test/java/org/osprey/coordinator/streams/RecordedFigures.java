package org.osprey.coordinator.streams;

import java.util.LinkedHashMap;
import java.util.Map;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.HistogramStats;
import org.osprey.coordinator.core.Measured;

/** What a part tells, by name. */
public final class RecordedFigures implements Figures {
  private final Map<String, Double> values = new LinkedHashMap<>();

  public static Map<String, Double> of(Measured part) {
    RecordedFigures figures = new RecordedFigures();
    part.tell(figures);
    return figures.values;
  }

  @Override
  public void counter(String name, String help, long value, String... labels) {
    values.put(name, (double) value);
  }

  @Override
  public void gauge(String name, String help, double value, String... labels) {
    values.put(name, value);
  }

  @Override
  public void histogram(String name, String help, HistogramStats durations, String... labels) {
    throw new AssertionError("no part tells one: " + name);
  }
}
