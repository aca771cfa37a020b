package org.osprey.coordinator.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.osprey.coordinator.core.Ticker;

/**
 * Row R19 of the fault table: what lies in the topic is not what the offsets say. Nothing that is
 * there is passed over, the rest follows the reset policy, and nobody runs in circles.
 */
class OffsetFaultsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final TestKafka kafka = SharedBroker.kafka();
  private final DeadLetterTopic unused =
      new DeadLetterTopic(KafkaSettings.builder("host:9092", "unused", "unused").build());
  private final List<KafkaSource> started = new ArrayList<>();
  private String topic;

  @BeforeEach
  void nameTopic(TestInfo test) {
    topic = test.getTestMethod().orElseThrow().getName();
  }

  @AfterEach
  void closeAll() {
    started.forEach(KafkaSource::close);
  }

  @Test
  void r19WhatRetentionTookIsPassedOver() {
    commitTheFirst(100);
    kafka.produceIds(topic, 1, 100, 1000);
    kafka.deleteRecords(topic, 0, 600);
    TestWorkers workers = new TestWorkers(2000);
    start(workers, Map.of());

    finish(workers, 600, 1000, 1000);
    assertEquals(ids(600, 1000), workers.acked().keySet());
    report("retention went past the commit", workers);
  }

  @Test
  void r19AGroupThatWantsTheLatestGoesOnThere() {
    commitTheFirst(100);
    kafka.produceIds(topic, 1, 100, 1000);
    kafka.deleteRecords(topic, 0, 600);
    TestWorkers workers = new TestWorkers(2000);
    KafkaSource source = start(workers, Map.of("auto.offset.reset", "latest"));
    until(() -> source.stats().assigned() == 1);
    // Only what comes after it has found its place is certain to be read.
    int[] next = {1000};
    until(
        () -> {
          kafka.produceIds(topic, 1, next[0], ++next[0]);
          return workers.waiting() > 0;
        });

    int first = Math.toIntExact(workers.seen().getFirst());
    assertTrue(first >= 1000, "read what the policy passes over: " + first);
    finish(workers, first, next[0], next[0]);
    report("reset to the latest", workers);
  }

  @Test
  void r19RetentionOvertakesASourceThatIsHeldBack() {
    kafka.createTopic(topic, 1);
    kafka.produceIds(topic, 1, 0, 5000);
    TestWorkers workers = new TestWorkers(100);
    start(workers, Map.of("max.poll.records", "50", "max.partition.fetch.bytes", "1000"));
    until(() -> workers.waiting() == 100);
    kafka.deleteRecords(topic, 0, 4000);

    Set<Long> there = ids(4000, 5000);
    until(
        () -> {
          workers.ackAll();
          return workers.acked().keySet().containsAll(there);
        });
    until(() -> Map.of(0, 5000L).equals(kafka.committed(topic)));
    assertTrue(workers.acked().values().stream().allMatch(times -> times == 1));
    report("retention overtook the reader", workers);
  }

  @Test
  void r19ATopicIsDeletedAndMadeAnew() throws Exception {
    kafka.createTopic(topic, 1);
    kafka.produceIds(topic, 1, 0, 50);
    TestWorkers workers = new TestWorkers(2000);
    KafkaSource source = start(workers, Map.of("metadata.max.age.ms", "500"));
    finish(workers, 0, 50, 50);
    kafka.deleteTopic(topic);
    until(() -> !source.check().healthy() || source.stats().assigned() == 0);
    assertTrue(
        busy(Duration.ofSeconds(1)).compareTo(Duration.ofMillis(500)) < 0, "runs in circles");

    kafka.createTopic(topic, 1);
    kafka.produceIds(topic, 1, 50, 80);
    finish(workers, 50, 80, 30);
    until(() -> source.check().healthy());
    report("topic made anew", workers);
  }

  @Test
  void r19CompactionLeavesGaps() {
    // Ten keys, and one whose records close segments: only closed ones are compacted.
    kafka.createTopic(
        topic,
        1,
        Map.of(
            "cleanup.policy", "compact",
            "segment.ms", "100",
            "min.cleanable.dirty.ratio", "0.01",
            "delete.retention.ms", "0"));
    for (int id = 0; id < 300; id++) {
      kafka.produce(record(id));
    }
    until(
        () -> {
          kafka.produce(record(300));
          return kafka.readAll(topic).size() < 100;
        });
    // Read before the workers do: compaction goes on, and they may find fewer, never more.
    List<ConsumerRecord<byte[], byte[]>> left = kafka.readAll(topic);
    TestWorkers workers = new TestWorkers(2000);
    start(workers, Map.of());

    until(
        () -> {
          workers.ackAll();
          return workers.acked().keySet().containsAll(ids(290, 301));
        });
    long end = left.getLast().offset() + 1;
    until(() -> Map.of(0, end).equals(kafka.committed(topic)));
    assertTrue(left.size() < end / 2, "nothing was compacted");
    assertTrue(workers.seen().size() <= left.size());
    System.out.printf("R19 compacted: completed=%d end=%d lost=0%n", workers.seen().size(), end);
  }

  /** A group that has handled so many records and went away. */
  private void commitTheFirst(int records) {
    kafka.createTopic(topic, 1);
    kafka.produceIds(topic, 1, 0, records);
    TestWorkers workers = new TestWorkers(2000);
    KafkaSource source = start(workers, Map.of());
    finish(workers, 0, records, records);
    source.close();
  }

  /** All these were handled, each once, and nothing before them; and they are committed. */
  private void finish(TestWorkers workers, int from, int to, long end) {
    until(
        () -> {
          workers.ackAll();
          return workers.acked().keySet().containsAll(ids(from, to));
        });
    assertTrue(workers.acked().values().stream().allMatch(times -> times == 1));
    until(() -> Map.of(0, end).equals(kafka.committed(topic)));
  }

  private void report(String row, TestWorkers workers) {
    System.out.printf(
        "R19 %s: completed=%d duplicates=%d lost=0%n",
        row, workers.acked().size(), workers.seen().size() - workers.acked().size());
    assertEquals(workers.acked().size(), workers.seen().size());
  }

  /** How long the source's loop was on a processor within this time. */
  private static Duration busy(Duration within) throws InterruptedException {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Thread loop =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals("kafka-source"))
            .findFirst()
            .orElseThrow();
    long before = threads.getThreadCpuTime(loop.threadId());
    boolean ended = loop.join(within);
    assertTrue(!ended, "the loop has ended");
    return Duration.ofNanos(threads.getThreadCpuTime(loop.threadId()) - before);
  }

  private KafkaSource start(TestWorkers workers, Map<String, String> properties) {
    KafkaSettings settings =
        KafkaSettings.builder(SharedBroker.broker().bootstrapServers(), topic, topic)
            .commitInterval(Duration.ofMillis(50))
            .properties(properties)
            .build();
    KafkaSource source =
        new KafkaSource(settings, new TestDecoder(), new KafkaDeadLetters(unused), Ticker.system());
    started.add(source);
    source.start(workers.dispatcher());
    return source;
  }

  private ProducerRecord<byte[], byte[]> record(int id) {
    byte[] key = id == 300 ? bytes("closing") : bytes("key" + id % 10);
    return new ProducerRecord<>(topic, 0, key, bytes(Integer.toString(id)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static Set<Long> ids(int from, int to) {
    return new HashSet<>(LongStream.range(from, to).boxed().toList());
  }

  private static void until(Callable<Boolean> fact) {
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(fact);
  }
}
