package org.osprey.coordinator.benchmarks.e2e;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Half of what the coordinator can take, for as long as the property {@code soak.seconds} says. */
final class Soak implements Scenario {
  static final Duration LENGTH = Duration.ofSeconds(Long.getLong("soak.seconds", 60));

  private static final int STREAMS = 64;
  private static final int CALLERS = 32;
  private static final Duration JIT_WARM_UP = Duration.ofSeconds(10);
  private static final Duration PEAK = Duration.ofSeconds(5);
  private static final Duration WARM_UP = Duration.ofSeconds(10);

  private record Memory(double heapKib, double rssKib) {
    static Memory of(ChildJvm jvm) throws IOException, InterruptedException {
      return new Memory(jvm.heapKib(), jvm.rssKib());
    }
  }

  @SuppressWarnings("try") // The workers only have to be there.
  @Override
  public List<Figure> measure() throws IOException, InterruptedException {
    try (CoordinatorChild coordinator = CoordinatorChild.start();
        Workers workers = Workers.connect(coordinator, STREAMS, 2, Duration.ZERO);
        Calls calls = new Calls(coordinator)) {
      double rate = calls.closedLoop(CALLERS, JIT_WARM_UP, PEAK).perSecond() / 2;
      calls.openLoop(rate, Duration.ZERO, WARM_UP);
      Memory before = Memory.of(coordinator.jvm());
      CallResults results = calls.openLoop(rate, Duration.ZERO, LENGTH);
      return figures(results, before, Memory.of(coordinator.jvm()));
    }
  }

  private static List<Figure> figures(CallResults results, Memory before, Memory after) {
    return List.of(
        Figure.of("length", (double) LENGTH.toSeconds(), "s"),
        Figure.of("calls", results.perSecond(), "1/s"),
        Figure.of("p99", results.good().quantile(0.99), "ms"),
        Figure.atMost("errors", results.failures(), "calls", 0),
        Figure.of("heap at the start", before.heapKib / 1024, "MiB"),
        Figure.atMost("heap growth", (after.heapKib - before.heapKib) / 1024, "MiB", 1),
        Figure.of("RSS at the start", before.rssKib / 1024, "MiB"),
        Figure.atMost("RSS growth", 100 * (after.rssKib / before.rssKib - 1), "%", 5));
  }
}
