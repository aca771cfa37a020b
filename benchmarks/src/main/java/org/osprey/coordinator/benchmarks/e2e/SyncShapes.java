package org.osprey.coordinator.benchmarks.e2e;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Callers that call as fast as they are answered, by workers that ack at once. */
final class SyncShapes implements Scenario {
  private static final int WORKER_CONNECTIONS = 2;
  private static final Duration JIT_WARM_UP = Duration.ofSeconds(20);
  private static final Duration WARM_UP = Duration.ofSeconds(2);
  private static final Duration LENGTH = Duration.ofSeconds(8);
  private static final List<Shape> SHAPES =
      List.of(new Shape(1, 1), new Shape(8, 8), new Shape(64, 32), new Shape(256, 128));

  private record Shape(int streams, int callers) {
    String named(String figure) {
      return "%d/%d %s".formatted(streams, callers, figure);
    }
  }

  @Override
  public List<Figure> measure() throws IOException, InterruptedException {
    List<Figure> figures = new ArrayList<>();
    try (CoordinatorChild coordinator = CoordinatorChild.start();
        Calls calls = new Calls(coordinator)) {
      load(coordinator, calls, new Shape(64, 32), JIT_WARM_UP);
      for (Shape shape : SHAPES) {
        CallResults results = load(coordinator, calls, shape, WARM_UP);
        figures.addAll(figures(shape, results, coordinator.jvm().rssKib()));
      }
    }
    return figures;
  }

  @SuppressWarnings("try") // The workers only have to be there.
  private static CallResults load(
      CoordinatorChild coordinator, Calls calls, Shape shape, Duration warmUp)
      throws IOException, InterruptedException {
    try (Workers workers =
        Workers.connect(coordinator, shape.streams, WORKER_CONNECTIONS, Duration.ZERO)) {
      return calls.closedLoop(shape.callers, warmUp, LENGTH);
    }
  }

  private static List<Figure> figures(Shape shape, CallResults results, double rssKib) {
    return List.of(
        Figure.of(shape.named("calls"), results.perSecond(), "1/s"),
        Figure.of(shape.named("p50"), results.good().quantile(0.5), "ms"),
        Figure.of(shape.named("p99"), results.good().quantile(0.99), "ms"),
        Figure.of(shape.named("CPU of 1,000 calls"), results.cpuMillisPerThousand(), "ms"),
        Figure.of(shape.named("RSS"), rssKib / 1024, "MiB"),
        Figure.atMost(shape.named("errors"), results.failures(), "calls", 0));
  }
}
