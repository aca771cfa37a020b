package org.osprey.coordinator.benchmarks.e2e;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.osprey.coordinator.kafka.KafkaBroker;

/**
 * A few calls, first alone and then beside a topic that gets ten times what the workers can take.
 */
final class Fairness implements Scenario {
  private static final String TOPIC = "flood";
  private static final int STREAMS = 32;
  private static final Duration HOLD = Duration.ofMillis(20);
  private static final double CAPACITY = STREAMS * 1e9 / HOLD.toNanos();
  private static final double CALLS = CAPACITY / 10;
  private static final int FLOOD = 10;
  private static final Duration WARM_UP = Duration.ofSeconds(15);
  private static final Duration LENGTH = Duration.ofSeconds(20);

  @Override
  public List<Figure> measure() throws IOException, InterruptedException {
    try (KafkaBroker broker = KafkaBroker.start();
        Flood flood = new Flood(broker.bootstrapServers(), TOPIC)) {
      flood.createTopic();
      try (CoordinatorChild coordinator = CoordinatorChild.start(settings(broker));
          Workers workers = Workers.connect(coordinator, STREAMS, 2, HOLD);
          Calls calls = new Calls(coordinator)) {
        CallResults quiet = calls.openLoop(CALLS, WARM_UP, LENGTH);
        Duration length = WARM_UP.plus(LENGTH);
        flood.send((int) (FLOOD * CAPACITY * length.toSeconds()));
        long handledBefore = workers.handled();
        CallResults busy = calls.openLoop(CALLS, WARM_UP, LENGTH);
        double handled = (workers.handled() - handledBefore) / (double) length.toSeconds();
        return figures(quiet, busy, handled);
      }
    }
  }

  private static List<Figure> figures(CallResults quiet, CallResults busy, double handled) {
    double quietP99 = quiet.good().quantile(0.99);
    double busyP99 = busy.good().quantile(0.99);
    return List.of(
        Figure.of("calls", busy.perSecond(), "1/s"),
        Figure.of("quiet p50", quiet.good().quantile(0.5), "ms"),
        Figure.of("quiet p99", quietP99, "ms"),
        Figure.of("p50 in the flood", busy.good().quantile(0.5), "ms"),
        Figure.of("p99 in the flood", busyP99, "ms"),
        Figure.atMost("p99 in the flood to quiet", busyP99 / quietP99, "x", 1.5),
        // Both lanes together: shows that the workers were never short of work.
        Figure.atLeast("workers busy in the flood", 100 * handled / CAPACITY, "%", 70),
        Figure.atMost("errors", quiet.failures() + busy.failures(), "calls", 0));
  }

  private static String settings(KafkaBroker broker) {
    return """
        sources: [kafka]
        results:
          sink: none
        kafka:
          bootstrapServers: %s
          topic: %s
        """
        .formatted(broker.bootstrapServers(), TOPIC);
  }
}
