package org.osprey.coordinator.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
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
 * <p>System properties: {@code records} (20000), {@code streams} (64), {@code channels} (4), {@code
 * rounds} (5), {@code holds} (5,0: milliseconds for which workers hold an action), {@code results}
 * (false).
 */
final class KafkaThroughput {
  private static final int PARTITIONS = 3;
  private static final int RECORDS = Integer.getInteger("records", 20_000);
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
          JavaProcess workers =
              ThroughputWorkers.start(coordinator.target(), hold, RECORDS, output);
          KafkaProducer<byte[], byte[]> producer = producer(topic)) {
        producer.initTransactions();
        for (int round = 0; round < ROUNDS; round++) {
          produce(producer, topic);
          long nanos =
              RESULTS
                  ? awaitResults(topics, topic, round, workers)
                  : awaitWorkers(output, round, workers);
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
        .flag("-XX:TieredStopAtLevel=4")
        .flag("-Xmx512m")
        .start();
  }

  /** The workers say themselves how long a round took. */
  private static long awaitWorkers(Path output, int round, JavaProcess workers) throws IOException {
    await().atMost(PATIENCE).until(() -> times(output).size() > round || !workers.isAlive());
    return times(output).get(round);
  }

  private static long awaitResults(
      KafkaTopics topics, String topic, int round, JavaProcess workers) {
    long start = System.nanoTime();
    long wanted = (long) RECORDS * (round + 1);
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
        RECORDS,
        nanos / 1_000_000,
        RECORDS * 1e9 / nanos);
  }

  /** The nanoseconds of each round that has ended. */
  private static List<Long> times(Path output) throws IOException {
    return Files.readString(output)
        .lines()
        .filter(line -> line.startsWith(ThroughputWorkers.ROUND))
        .map(line -> Long.valueOf(line.substring(ThroughputWorkers.ROUND.length())))
        .toList();
  }

  private KafkaProducer<byte[], byte[]> producer(String topic) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", topic),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static void produce(KafkaProducer<byte[], byte[]> producer, String topic) {
    producer.beginTransaction();
    for (int id = 1; id <= RECORDS; id++) {
      byte[] key = Integer.toString(id).getBytes(UTF_8);
      Future<?> unused =
          producer.send(new ProducerRecord<>(topic, id % PARTITIONS, key, RecordLoad.value(id)));
    }
    producer.flush();
    producer.commitTransaction();
  }
}
