package org.osprey.coordinator.benchmarks.e2e;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the flow of events costs when publishing them costs nothing. */
final class CollectorsToNull implements Scenario {
  private static final List<String> PROPERTIES = List.of("collectors.seconds");
  private static final double EVENTS_PER_SECOND = 1_000_000;
  private static final double BYTES = 1_024;
  private static final double WORKER_MILLIS = 1;
  private static final double PUBLISH_MILLIS = 5;

  @Override
  public List<Figure> measure() throws IOException {
    Map<String, Double> values =
        new OwnProgram(CollectorsToNullMain.class, PROPERTIES, "publish").run();
    List<Figure> figures = new ArrayList<>();
    for (int workers : CollectorsToNullMain.WORKERS) {
      figures.add(Figure.of("events, workers: " + workers, of(values, "rate" + workers), "1/s"));
    }
    figures.add(Figure.atLeast("events, the most", of(values, "rate"), "1/s", EVENTS_PER_SECOND));
    figures.add(Figure.of("size of an event", of(values, "size"), "bytes"));
    figures.add(
        Figure.atMost("worker p99, 50,000 events/s", of(values, "worker"), "ms", WORKER_MILLIS));
    figures.add(
        Figure.atMost(
            "emit to publish p99, 50,000 events/s", of(values, "publish"), "ms", PUBLISH_MILLIS));
    figures.add(
        Figure.atLeast("events/s that came, of 50,000", of(values, "fixed"), "1/s", 49_500));
    figures.add(Figure.of("CPU, 50,000 events/s", of(values, "cores"), "cores"));
    figures.add(Figure.atMost("heap of an event that waits", of(values, "heap"), "bytes", BYTES));
    return figures;
  }

  private static double of(Map<String, Double> values, String name) {
    return values.getOrDefault(name, Double.NaN);
  }
}
