package org.osprey.coordinator.benchmarks.e2e;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** What a worker stream costs that waits for an action. */
final class IdleStreams implements Scenario {
  private static final String SETTINGS = "workers:\n  idleStream: 10m\n";
  private static final int STREAMS = 10_000;
  private static final int CONNECTIONS = 40;
  private static final int ROUNDS = 30;

  @Override
  public List<Figure> measure() throws IOException, InterruptedException {
    try (CoordinatorChild coordinator = CoordinatorChild.start(SETTINGS)) {
      warmUp(coordinator);
      double heapBefore = coordinator.jvm().heapKib();
      double rssBefore = coordinator.jvm().rssKib();
      try (Workers workers = Workers.connect(coordinator, STREAMS, CONNECTIONS, Duration.ZERO)) {
        awaitStreams(coordinator.jvm());
        double heap = coordinator.jvm().heapKib();
        double rss = coordinator.jvm().rssKib();
        return List.of(
            Figure.atMost("heap of a stream", (heap - heapBefore) / STREAMS, "KiB", 12),
            Figure.of("RSS of a stream", (rss - rssBefore) / STREAMS, "KiB"),
            Figure.of("RSS with 10,000 streams", rss / 1024, "MiB"),
            Figure.atMost("streams that ended", workers.ended(), "streams", 0));
      }
    }
  }

  /** So that classes and first buffers are not counted as the streams' own. */
  @SuppressWarnings("try") // The workers only have to be there.
  private static void warmUp(CoordinatorChild coordinator)
      throws IOException, InterruptedException {
    try (Workers workers = Workers.connect(coordinator, 64, CONNECTIONS, Duration.ZERO);
        Calls calls = new Calls(coordinator)) {
      calls.closedLoop(8, Duration.ZERO, Duration.ofSeconds(5));
    }
  }

  /** The heap does not tell by itself whether all streams have arrived. */
  private static void awaitStreams(ChildJvm jvm) throws IOException, InterruptedException {
    long streams = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Thread.sleep(Duration.ofSeconds(1));
      streams = jvm.instances("org.osprey.coordinator.core.WorkerStream");
      if (streams == STREAMS) {
        return;
      }
    }
    throw new IllegalStateException("%d streams, want %d".formatted(streams, STREAMS));
  }
}
