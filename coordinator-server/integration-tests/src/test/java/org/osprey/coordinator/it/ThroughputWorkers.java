package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.osprey.coordinator.worker.Answer;
import org.osprey.coordinator.worker.ReceivedAction;
import org.osprey.coordinator.worker.StreamWorker;

/**
 * A process of workers that says how long each round took, from its first action to its last.
 *
 * <p>System properties: {@code streams} (64) and {@code channels} (4), of all coordinators
 * together.
 */
final class ThroughputWorkers implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Before the nanoseconds of a round. */
  private static final String ROUND = "round_nanos=";

  private final JavaProcess process;
  private final Path output;

  private ThroughputWorkers(JavaProcess process, Path output) {
    this.process = process;
    this.output = output;
  }

  /**
   * @param targets the coordinators, each of which gets an equal share of the streams
   * @param hold milliseconds for which an action is held
   * @param output what it prints goes there
   */
  static ThroughputWorkers start(List<String> targets, String hold, Path output) {
    List<String> arguments =
        List.of(
            String.join(",", targets),
            hold,
            Integer.toString(RoundLoad.RECORDS),
            System.getProperty("streams", "64"),
            System.getProperty("channels", "4"));
    JavaProcess process =
        JavaProcess.start(
            ThroughputWorkers.class, JavaProcess.MEASURED, arguments, Map.of(), output);
    return new ThroughputWorkers(process, output);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Blocks until a round has ended.
   *
   * @param round 0 for the first
   * @return its nanoseconds
   */
  long awaitRound(int round) throws IOException {
    await().atMost(PATIENCE).until(() -> times().size() > round || !isAlive());
    return times().get(round);
  }

  @Override
  public void close() {
    process.close();
  }

  /** The nanoseconds of each round that has ended. */
  private List<Long> times() throws IOException {
    return Files.readString(output)
        .lines()
        .filter(line -> line.startsWith(ROUND))
        .map(line -> Long.valueOf(line.substring(ROUND.length())))
        .toList();
  }

  /**
   * Arguments: targets, milliseconds to hold each action, actions of a round, streams, channels.
   */
  public static void main(String[] arguments) {
    List<String> targets = List.of(arguments[0].split(",", -1));
    int streams = Integer.parseInt(arguments[3]);
    int channels = Integer.parseInt(arguments[4]);
    Rounds rounds = new Rounds(Long.parseLong(arguments[1]), Long.parseLong(arguments[2]));
    for (int i = 0; i < targets.size(); i++) {
      StreamWorker.builder()
          .target(targets.get(i))
          .streams(share(streams, targets.size(), i))
          .channelsPerTarget(Math.max(1, share(channels, targets.size(), i)))
          .handler(rounds::handle)
          .build()
          .start();
    }
  }

  /** As equal as whole numbers allow; all together make {@code total}. */
  private static int share(int total, int parts, int part) {
    return total / parts + (part < total % parts ? 1 : 0);
  }

  private static final class Rounds {
    private final long hold;
    private final long records;
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private volatile long start;

    private Rounds(long hold, long records) {
      this.hold = hold;
      this.records = records;
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
}
