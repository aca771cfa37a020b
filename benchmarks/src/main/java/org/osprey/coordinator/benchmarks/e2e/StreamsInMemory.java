package org.osprey.coordinator.benchmarks.e2e;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Many streams with a watcher each, in a JVM of its own with the flags of a coordinator. */
final class StreamsInMemory implements Scenario {
  private static final double BOUND_MILLIS = 20;
  private static final double BOUND_BYTES = 4 * 1024;

  /** What the program is told of the properties of this JVM. */
  private static final List<String> PROPERTIES =
      List.of("streams.count", "streams.seconds", "streams.warmup");

  @Override
  public List<Figure> measure() throws IOException {
    return figures(new OwnProgram(StreamsInMemoryMain.class, PROPERTIES, "heap").run());
  }

  private static List<Figure> figures(Map<String, Double> values) {
    Values of = name -> values.getOrDefault(name, Double.NaN);
    return List.of(
        Figure.of("creating all, on SQLite", of.get("creating"), "s"),
        Figure.of("updates", of.get("updates"), "1/s"),
        Figure.atLeast("ticks that came, of those due", of.get("share"), "", 0.95),
        Figure.of("lateness p50, at the listener", of.get("p50"), "ms"),
        Figure.atMost("lateness p99, at the listener", of.get("p99"), "ms", BOUND_MILLIS),
        Figure.of("lateness max, at the listener", of.get("max"), "ms"),
        Figure.of("lateness p99, engine's histogram", of.get("engineP99"), "ms"),
        Figure.atMost("scene changes missed", of.get("missed"), "", 0),
        Figure.atMost("heartbeats refused", of.get("refused"), "", 0),
        Figure.atMost("CPU", of.get("cores"), "cores", 1),
        Figure.atMost("heap of a stream and its watcher", of.get("heap"), "bytes", BOUND_BYTES),
        Figure.of("GC pauses", of.get("pauses"), ""),
        Figure.of("GC pauses together", of.get("paused"), "ms"),
        Figure.of("GC pause, longest", of.get("longest"), "ms"));
  }

  private interface Values {
    double get(String name);
  }
}
