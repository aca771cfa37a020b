package org.osprey.coordinator.benchmarks.e2e;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Three times as many calls as the workers can take, who take long enough to be the limit, and not
 * the machine. The lane holds what they do in a fraction of a second: a caller that would wait
 * longer is better told at once.
 */
final class Overload implements Scenario {
  private static final String SETTINGS = "queue:\n  sync:\n    actions: 500\n";
  private static final int STREAMS = 2;
  private static final Duration HOLD = Duration.ofMillis(1);
  private static final int CALLERS = 32;
  private static final int TIMES = 3;
  private static final Duration JIT_WARM_UP = Duration.ofSeconds(15);
  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final Duration LENGTH = Duration.ofSeconds(10);

  @SuppressWarnings("try") // The workers only have to be there.
  @Override
  public List<Figure> measure() throws IOException, InterruptedException {
    try (CoordinatorChild coordinator = CoordinatorChild.start(SETTINGS);
        Workers workers = Workers.connect(coordinator, STREAMS, 1, HOLD);
        Calls calls = new Calls(coordinator)) {
      double peak = calls.closedLoop(CALLERS, JIT_WARM_UP, LENGTH).perSecond();
      CallResults flooded = calls.openLoop(TIMES * peak, WARM_UP, LENGTH);
      return List.of(
          Figure.of("peak goodput", peak, "1/s"),
          Figure.atLeast("load", flooded.answeredPerSecond() / peak, "x peak", TIMES * 0.95),
          Figure.atLeast("goodput", 100 * flooded.perSecond() / peak, "% peak", 90),
          Figure.of("goodput p99", flooded.good().quantile(0.99), "ms"),
          Figure.of("refusal p50", flooded.refused().quantile(0.5), "ms"),
          Figure.atMost("refusal p99", flooded.refused().quantile(0.99), "ms", 10),
          Figure.atMost("errors", flooded.errors(), "calls", 0));
    }
  }
}
