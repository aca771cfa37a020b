package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.osprey.coordinator.kafka.KafkaBroker;

/**
 * Not a test: what an action costs when one, two and three coordinators share a topic in one
 * consumer group, with the same workers and records for all of them. Prints records per second and
 * the CPU time of all coordinators together for each thousand actions, which should not grow with
 * their number.
 *
 * <p>A coordinator gets the same number of actions before it is measured, however many there are:
 * compilers start by count.
 *
 * <p>System properties: {@code coordinators} (3: the most), {@code rounds} (10, which are
 * measured), {@code warmups} (10, times the number of coordinators), and those of {@link RoundLoad}
 * and {@link ThroughputWorkers}.
 */
final class KafkaScaleOut {
  private static final int PARTITIONS = 12;
  private static final int COORDINATORS = Integer.getInteger("coordinators", 3);
  private static final int ROUNDS = Integer.getInteger("rounds", 10);
  private static final int WARMUPS = Integer.getInteger("warmups", 10);

  private final Path folder;
  private final KafkaBroker broker;
  private final KafkaTopics topics;

  private KafkaScaleOut(Path folder, KafkaBroker broker, KafkaTopics topics) {
    this.folder = folder;
    this.broker = broker;
    this.topics = topics;
  }

  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createTempDirectory("kafka-scale-out");
    try (KafkaBroker broker = KafkaBroker.start();
        KafkaTopics topics = new KafkaTopics(broker)) {
      KafkaScaleOut run = new KafkaScaleOut(folder, broker, topics);
      for (int count = 1; count <= COORDINATORS; count++) {
        run.measure(count);
      }
    }
  }

  private void measure(int count) throws IOException {
    String topic = "coordinators-" + count;
    topics.create(topic, PARTITIONS);
    List<CoordinatorProcess> coordinators = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        coordinators.add(coordinator(topic));
      }
      awaitEqualShares(topic, count);
      measure(topic, coordinators);
    } finally {
      coordinators.forEach(CoordinatorProcess::close);
    }
  }

  private void measure(String topic, List<CoordinatorProcess> coordinators) throws IOException {
    List<String> targets = coordinators.stream().map(CoordinatorProcess::target).toList();
    Path output = folder.resolve(topic + ".log");
    try (ThroughputWorkers workers = ThroughputWorkers.start(targets, "0", output);
        RoundLoad load = new RoundLoad(broker, topic, PARTITIONS)) {
      int warmups = WARMUPS * coordinators.size();
      for (int round = 0; round < warmups; round++) {
        load.write();
        load.commit();
        workers.awaitRound(round);
      }
      Duration cpu = Duration.ZERO;
      long nanos = 0;
      for (int round = warmups; round < warmups + ROUNDS; round++) {
        load.write();
        Duration before = cpu(coordinators);
        load.commit();
        nanos += workers.awaitRound(round);
        cpu = cpu.plus(cpu(coordinators)).minus(before);
      }
      print(coordinators.size(), nanos, cpu);
    }
  }

  private CoordinatorProcess coordinator(String topic) {
    return new CoordinatorProcess.Setup(folder, broker, topic, topic, "")
        .flags(JavaProcess.MEASURED)
        .start();
  }

  private void awaitEqualShares(String group, int count) {
    List<Integer> equal = Collections.nCopies(count, PARTITIONS / count);
    await().atMost(Duration.ofMinutes(1)).until(() -> topics.shares(group).equals(equal));
  }

  private static Duration cpu(List<CoordinatorProcess> coordinators) {
    return coordinators.stream().map(CoordinatorProcess::cpu).reduce(Duration.ZERO, Duration::plus);
  }

  private static void print(int coordinators, long nanos, Duration cpu) {
    long records = (long) ROUNDS * RoundLoad.RECORDS;
    System.out.printf(
        Locale.ROOT,
        "coordinators=%d records=%d records_per_second=%.0f cpu_ms_per_1000_actions=%.2f%n",
        coordinators,
        records,
        records * 1e9 / nanos,
        cpu.toMillis() * 1000.0 / records);
  }
}
