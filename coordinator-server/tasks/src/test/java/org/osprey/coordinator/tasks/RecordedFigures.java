package org.osprey.coordinator.tasks;

import java.util.LinkedHashMap;
import java.util.Map;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.HistogramStats;
import org.osprey.coordinator.core.Measured;

/** What a part tells, by name and the values of its labels. */
final class RecordedFigures implements Figures {
  private final Map<String, Double> values = new LinkedHashMap<>();

  static Map<String, Double> of(Measured part) {
    RecordedFigures figures = new RecordedFigures();
    part.tell(figures);
    return figures.values;
  }

  @Override
  public void counter(String name, String help, long value, String... labels) {
    gauge(name, help, value, labels);
  }

  @Override
  public void gauge(String name, String help, double value, String... labels) {
    StringBuilder key = new StringBuilder(name);
    for (int i = 1; i < labels.length; i += 2) {
      key.append(' ').append(labels[i]);
    }
    values.put(key.toString(), value);
  }

  @Override
  public void histogram(String name, String help, HistogramStats durations, String... labels) {
    throw new AssertionError("no part of tasks tells one: " + name);
  }
}
