package org.osprey.coordinator.benchmarks.e2e;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/** From the start of the process until both ports accept, and what it then takes. */
final class Start implements Scenario {
  private static final int ROUNDS = 5;
  private static final Duration IDLE = Duration.ofSeconds(1);

  @Override
  public List<Figure> measure() throws IOException, InterruptedException {
    List<Double> seconds = new ArrayList<>();
    List<Double> rss = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      try (CoordinatorChild coordinator = CoordinatorChild.start()) {
        seconds.add((System.nanoTime() - start) / 1e9);
        Thread.sleep(IDLE);
        rss.add(coordinator.jvm().rssKib() / 1024);
      }
    }
    return List.of(
        Figure.of("until both ports accept", median(seconds), "s"),
        Figure.of("RSS when idle", median(rss), "MiB"));
  }

  private static double median(List<Double> values) {
    return values.stream()
        .flatMapToDouble(DoubleStream::of)
        .sorted()
        .skip(values.size() / 2)
        .findFirst()
        .orElseThrow();
  }
}
