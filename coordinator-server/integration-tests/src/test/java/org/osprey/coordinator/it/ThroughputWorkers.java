package org.osprey.coordinator.it;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.osprey.coordinator.worker.Answer;
import org.osprey.coordinator.worker.ReceivedAction;
import org.osprey.coordinator.worker.StreamWorker;

/** A process of workers that says how long each round took, from its first action to its last. */
final class ThroughputWorkers {
  /** Before the nanoseconds of a round. */
  static final String ROUND = "round_nanos=";

  private final long hold;
  private final long records;
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  private volatile long start;

  private ThroughputWorkers(long hold, long records) {
    this.hold = hold;
    this.records = records;
  }

  static JavaProcess start(String target, String hold, int records, Path output) {
    return JavaProcess.start(
        ThroughputWorkers.class,
        List.of("-XX:TieredStopAtLevel=4", "-Xmx512m"),
        List.of(
            target,
            hold,
            Integer.toString(records),
            System.getProperty("streams", "64"),
            System.getProperty("channels", "4")),
        Map.of(),
        output);
  }

  /** Arguments: target, milliseconds to hold each action, actions of a round, streams, channels. */
  public static void main(String[] arguments) {
    ThroughputWorkers workers =
        new ThroughputWorkers(Long.parseLong(arguments[1]), Long.parseLong(arguments[2]));
    StreamWorker.builder()
        .target(arguments[0])
        .streams(Integer.parseInt(arguments[3]))
        .channelsPerTarget(Integer.parseInt(arguments[4]))
        .handler(workers::handle)
        .build()
        .start();
  }

  private Answer handle(ReceivedAction action) throws InterruptedException {
    if (received.getAndIncrement() % records == 0) {
      start = System.nanoTime();
    }
    if (hold > 0) {
      Thread.sleep(hold);
    }
    if (answered.incrementAndGet() % records == 0) {
      System.out.println(ROUND + (System.nanoTime() - start));
    }
    return Answer.verdicts("verdict_for_" + action.idText());
  }
}
