package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.osprey.coordinator.kafka.KafkaBroker;

/**
 * Not a test: how many actions a second go from a topic through a coordinator to workers that ack
 * them. Broker, coordinator and workers are processes of their own. The records of a round come as
 * one transaction, so they are all there at its start. Each kind of worker gets a new coordinator;
 * its first round warms that up.
 *
 * <p>With {@code -Dresults=true} the coordinator writes each answer to another topic, and a round
 * lasts from the commit of its transaction until its last answer is there.
 *
 * <p>System properties: {@code rounds} (5), {@code holds} (5,0: milliseconds for which workers hold
 * an action), {@code results} (false), and those of {@link RoundLoad} and {@link
 * ThroughputWorkers}.
 */
final class KafkaThroughput {
  private static final int PARTITIONS = 3;
  private static final int ROUNDS = Integer.getInteger("rounds", 5);
  private static final boolean RESULTS = Boolean.getBoolean("results");
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Path folder;
  private final KafkaBroker broker;

  private KafkaThroughput(Path folder, KafkaBroker broker) {
    this.folder = folder;
    this.broker = broker;
  }

  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createTempDirectory("kafka-throughput");
    try (KafkaBroker broker = KafkaBroker.start()) {
      KafkaThroughput run = new KafkaThroughput(folder, broker);
      for (String hold : System.getProperty("holds", "5,0").split(",", -1)) {
        run.measure(hold);
      }
    }
  }

  private void measure(String hold) throws IOException {
    String topic = "hold-" + hold;
    Path output = folder.resolve(topic + ".log");
    try (KafkaTopics topics = new KafkaTopics(broker)) {
      topics.create(topic, PARTITIONS);
      topics.create(results(topic), PARTITIONS);
      try (CoordinatorProcess coordinator = coordinator(topic);
          ThroughputWorkers workers =
              ThroughputWorkers.start(List.of(coordinator.target()), hold, output);
          RoundLoad load = new RoundLoad(broker, topic, PARTITIONS)) {
        for (int round = 0; round < ROUNDS; round++) {
          load.write();
          load.commit();
          long nanos =
              RESULTS ? awaitResults(topics, topic, round, workers) : workers.awaitRound(round);
          print(hold, round, nanos);
        }
      }
    }
  }

  private CoordinatorProcess coordinator(String topic) {
    String config =
        """
        results:
          sink: %s
          includeVerdicts: true
        kafka:
          resultsTopic: %s
        """
            .formatted(RESULTS ? "kafka" : "none", results(topic));
    return new CoordinatorProcess.Setup(folder, broker, topic, topic, config)
        .flags(JavaProcess.MEASURED)
        .start();
  }

  private static long awaitResults(
      KafkaTopics topics, String topic, int round, ThroughputWorkers workers) {
    long start = System.nanoTime();
    long wanted = (long) RoundLoad.RECORDS * (round + 1);
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .failFast("workers have ended", () -> !workers.isAlive())
        .until(() -> topics.count(results(topic), PARTITIONS) >= wanted);
    return System.nanoTime() - start;
  }

  private static String results(String topic) {
    return topic + ".results";
  }

  private static void print(String hold, int round, long nanos) {
    System.out.printf(
        Locale.ROOT,
        "%shold_ms=%s round=%d%s records=%d ms=%d actions_per_second=%.0f%n",
        RESULTS ? "with_results " : "",
        hold,
        round,
        round == 0 ? " (warm-up)" : "",
        RoundLoad.RECORDS,
        nanos / 1_000_000,
        RoundLoad.RECORDS * 1e9 / nanos);
  }
}
