package org.osprey.coordinator.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.osprey.coordinator.core.Lease;
import org.osprey.coordinator.core.SourceProgress;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.kafka.KafkaSettings.GroupProtocol;
import org.osprey.coordinator.kafka.KafkaSettings.Ordering;

class KafkaSourceBrokerTest {
  private final TestKafka kafka = SharedBroker.kafka();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private String topic;

  @BeforeEach
  void createDeadLetters(TestInfo test) {
    topic = test.getTestMethod().orElseThrow().getName() + '-' + SharedBroker.name();
    kafka.createTopic(topic + ".dead-letters", 1);
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  @Test
  void commitsWhatIsAckedInAnyOrder() {
    kafka.createTopic(topic, 3);
    kafka.produceIds(topic, 3, 0, 5001);
    TestWorkers workers = new TestWorkers(20_000);
    KafkaSource source = start(settings().maxInFlight(10_000).build(), workers);
    await().until(() -> workers.waiting() == 5001);

    List<Lease> leases = new ArrayList<>(workers.takeLeased());
    Collections.shuffle(leases, new Random(7));
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      leases.forEach(lease -> threads.execute(() -> workers.ack(lease)));
    }

    await().untilAsserted(() -> assertEquals(ends(1667), kafka.committed(topic)));
    assertEquals(5001, workers.acked().size());
    assertTrue(workers.acked().values().stream().allMatch(times -> times == 1));
    KafkaSourceStats stats = source.stats();
    assertEquals(5001, stats.consumed());
    assertEquals(0, stats.undecodable());
    assertEquals(0, stats.commitFailures());
    assertEquals(0, stats.inFlight());
    assertEquals(0, stats.inFlightBytes());
    assertEquals(3, stats.assigned());
    assertNull(stats.oldest());
  }

  @Test
  void theLagIsWhatIsUnreadAndWhatIsUnfinished() {
    kafka.createTopic(topic, 3);
    kafka.produceIds(topic, 3, 0, 3000);
    TestWorkers workers = new TestWorkers(20_000);
    KafkaSource source = start(settings().maxInFlight(500).build(), workers);
    await().until(() -> workers.waiting() == 500);
    await().untilAsserted(() -> assertEquals(3000L, source.progress().lag()));
    assertEquals(500, source.progress().inFlight());
    assertTrue(source.progress().oldestUnfinished().isPositive());

    await()
        .until(
            () -> {
              workers.ackAll();
              return workers.acked().size() == 3000;
            });
    SourceProgress done = new SourceProgress(3000, 0, 0, 0, 0, 0L, Duration.ZERO);
    await().untilAsserted(() -> assertEquals(done, source.progress()));
  }

  @Test
  void afterARestartTheUnfinishedAndAllBehindItComeAgain() {
    kafka.createTopic(topic, 1);
    kafka.produceIds(topic, 1, 0, 100);
    TestWorkers first = new TestWorkers(1000);
    KafkaSource source = start(settings().build(), first);
    await().until(() -> first.waiting() == 100);
    first.takeLeased().stream().filter(lease -> lease.action().id() != 40).forEach(first::ack);
    source.close();
    assertEquals(Map.of(0, 40L), kafka.committed(topic));

    TestWorkers second = new TestWorkers(1000);
    start(settings().build(), second);
    await().until(() -> second.waiting() == 60);
    assertEquals(LongStream.range(40, 100).boxed().toList(), second.seen());
    second.ackAll();
    await().untilAsserted(() -> assertEquals(Map.of(0, 100L), kafka.committed(topic)));
    assertEquals(60, second.seen().size());
  }

  @Test
  void whatIsNoActionGoesRawToTheDeadLetters() {
    kafka.createTopic(topic, 1);
    kafka.produceIds(topic, 1, 0, 2);
    ProducerRecord<byte[], byte[]> poison =
        new ProducerRecord<>(topic, 0, 1234L, bytes("key"), bytes("poison"));
    poison.headers().add("trace", bytes("abc"));
    kafka.produce(poison);
    kafka.produceIds(topic, 1, 2, 4);
    TestWorkers workers = new TestWorkers(1000);
    KafkaSource source = start(settings().build(), workers);
    await().until(() -> workers.waiting() == 4);
    workers.ackAll();

    await().untilAsserted(() -> assertEquals(Map.of(0, 5L), kafka.committed(topic)));
    ConsumerRecord<byte[], byte[]> letter = kafka.read(topic + ".dead-letters", 1).getFirst();
    assertEquals("key", text(letter.key()));
    assertEquals("poison", text(letter.value()));
    assertTrue(letter.timestamp() > 1234, "the topic's retention begins when the letter is put");
    assertEquals(
        Map.of(
            "trace", "abc",
            "dead-letter-reason", "UNDECODABLE",
            "dead-letter-detail", "is not a number",
            "dead-letter-origin", "topic=" + topic + " partition=0 offset=2",
            "dead-letter-nacks", "0",
            "dead-letter-deaths", "0",
            "dead-letter-source", "kafka",
            "dead-letter-timestamp", "1970-01-01T00:00:01.234Z"),
        headers(letter));
    assertEquals(1, source.stats().undecodable());
  }

  @Test
  void aDeadLetterThatIsTooLargeLeavesItsOrigin() {
    kafka.createTopic(topic, 1);
    String small = topic + ".small";
    kafka.createTopic(small, 1, Map.of("max.message.bytes", "2000"));
    kafka.produce(new ProducerRecord<>(topic, 0, bytes("key"), bytes("x".repeat(5000))));
    start(settings().deadLetterTopic(small).build(), new TestWorkers(1000));

    await().untilAsserted(() -> assertEquals(Map.of(0, 1L), kafka.committed(topic)));
    ConsumerRecord<byte[], byte[]> letter = kafka.read(small, 1).getFirst();
    assertNull(letter.value());
    assertEquals("5000", headers(letter).get("dead-letter-payload-bytes"));
    assertEquals(
        "topic=" + topic + " partition=0 offset=0", headers(letter).get("dead-letter-origin"));
  }

  @Test
  void actionsThatWereGivenUpGoToTheDeadLetters() {
    kafka.createTopic(topic, 1);
    kafka.produce(new ProducerRecord<>(topic, 0, 1234L, null, bytes("7")));
    KafkaSettings settings = settings().build();
    DeadLetterTopic deadLetters = new DeadLetterTopic(settings);
    opened.add(deadLetters);
    deadLetters.start();
    TestWorkers workers = new TestWorkers(1000, new KafkaDeadLetters(deadLetters));
    start(settings, workers);
    await().until(() -> workers.waiting() == 1);
    workers.nack(workers.takeLeased().getFirst());

    await().untilAsserted(() -> assertEquals(Map.of(0, 1L), kafka.committed(topic)));
    ConsumerRecord<byte[], byte[]> letter = kafka.read(topic + ".dead-letters", 1).getFirst();
    assertEquals("7", text(letter.key()));
    assertEquals("{\"id\":\"7\",\"name\":\"test_action\",\"data\":7}", text(letter.value()));
    assertEquals(
        Map.of(
            "dead-letter-reason", "NACKED",
            "dead-letter-detail", "nacked by worker test",
            "dead-letter-origin", "topic=" + topic + " partition=0 offset=0",
            "dead-letter-nacks", "1",
            "dead-letter-deaths", "0",
            "dead-letter-source", "kafka",
            "dead-letter-timestamp", Instant.ofEpochMilli(1234).toString(),
            "dead-letter-action-id", "7",
            "dead-letter-action-name", "test_action"),
        headers(letter));
  }

  @Test
  void aPausedSourceOffersNothingNew() {
    kafka.createTopic(topic, 1);
    kafka.produceIds(topic, 1, 0, 10);
    TestWorkers workers = new TestWorkers(1000);
    KafkaSource source = start(settings().build(), workers);
    await().until(() -> workers.waiting() == 10);
    source.setPaused(true);
    await().until(() -> source.stats().paused() == 1);
    kafka.produceIds(topic, 1, 10, 20);
    workers.ackAll();

    await().untilAsserted(() -> assertEquals(Map.of(0, 10L), kafka.committed(topic)));
    assertEquals(10, source.stats().consumed());
    assertTrue(source.check().detail().contains("paused=1"), source.check().detail());
    source.setPaused(false);
    await().until(() -> workers.waiting() == 10);
    assertEquals(0, source.stats().paused());
  }

  @Test
  void aFullIntakeLosesNothing() {
    kafka.createTopic(topic, 3);
    kafka.produceIds(topic, 3, 0, 3000);
    TestWorkers workers = new TestWorkers(50);
    KafkaSource source = start(settings().roomWait(Duration.ofMillis(20)).build(), workers);
    await().until(() -> workers.waiting() == 50);
    await().until(() -> source.stats().paused() == 3);

    await()
        .pollInterval(Duration.ofMillis(2))
        .until(
            () -> {
              workers.ackAll();
              return workers.acked().size() == 3000;
            });
    await().untilAsserted(() -> assertEquals(ends(1000), kafka.committed(topic)));
    assertEquals(3000, workers.seen().size());
    await().until(() -> source.stats().paused() == 0);
  }

  @Test
  void holdsNoMoreInFlightThanAllowed() {
    kafka.createTopic(topic, 3);
    kafka.produceIds(topic, 3, 0, 900);
    TestWorkers workers = new TestWorkers(1000);
    KafkaSource source =
        start(settings().maxInFlight(100).roomWait(Duration.ofMillis(20)).build(), workers);
    await().until(() -> workers.waiting() == 100);
    await().until(() -> source.stats().paused() == 3);
    assertEquals(100, source.stats().inFlight());

    ackUntil(workers, 900);
    await().untilAsserted(() -> assertEquals(ends(300), kafka.committed(topic)));
    assertEquals(900, workers.seen().size());
  }

  @Test
  void holdsNoMoreBytesInFlightThanAllowed() {
    kafka.createTopic(topic, 1);
    kafka.produceIds(topic, 1, 1000, 1100);
    TestWorkers workers = new TestWorkers(1000);
    start(settings().maxInFlightBytes(41).build(), workers);
    await().until(() -> workers.waiting() == 10);

    ackUntil(workers, 100);
    await().untilAsserted(() -> assertEquals(Map.of(0, 100L), kafka.committed(topic)));
  }

  @Test
  void oneStuckRecordLetsAWindowfulPast() {
    kafka.createTopic(topic, 2);
    kafka.produceIds(topic, 2, 0, 1000);
    TestWorkers workers = new TestWorkers(2000);
    KafkaSource source = start(settings().window(200).build(), workers);
    Lease[] stuck = new Lease[1];
    await()
        .until(
            () -> {
              for (Lease lease : workers.takeLeased()) {
                if (lease.action().id() == 0) {
                  stuck[0] = lease;
                } else {
                  workers.ack(lease);
                }
              }
              return workers.acked().size() == 199 + 500;
            });

    await().untilAsserted(() -> assertEquals(500L, kafka.committed(topic).get(1)));
    await().until(() -> source.stats().paused() == 1);
    assertNull(kafka.committed(topic).get(0));
    KafkaSourceStats.Oldest oldest = requireNonNull(source.stats().oldest());
    assertEquals(0, oldest.offset());
    assertEquals(0, oldest.partition());
    workers.ack(stuck[0]);
    ackUntil(workers, 1000);
    await().untilAsserted(() -> assertEquals(Map.of(0, 500L, 1, 500L), kafka.committed(topic)));
  }

  @ParameterizedTest
  @EnumSource(GroupProtocol.class)
  void speaksEveryGroupProtocol(GroupProtocol protocol) {
    kafka.createTopic(topic, 3);
    kafka.produceIds(topic, 3, 0, 30);
    TestWorkers workers = new TestWorkers(1000);
    KafkaSource source = start(settings().groupProtocol(protocol).build(), workers);
    ackUntil(workers, 30);

    await().untilAsserted(() -> assertEquals(ends(10), kafka.committed(topic)));
    // It looks once a second whether what it complained about is over.
    await().until(() -> source.check().healthy());
    assertEquals(
        protocol == GroupProtocol.CLASSIC ? "Classic" : "Consumer", kafka.groupType(topic));
  }

  @Test
  void oneKeyIsNeverOutTwice() {
    kafka.createTopic(topic, 1);
    for (int id = 0; id < 6; id++) {
      byte[] key = id % 3 == 2 ? null : bytes("key" + id % 3);
      kafka.produce(new ProducerRecord<>(topic, 0, key, bytes(Integer.toString(id))));
    }
    TestWorkers workers = new TestWorkers(1000);
    start(settings().ordering(Ordering.KEY).build(), workers);

    await().until(() -> workers.waiting() == 4);
    assertEquals(List.of(0L, 1L, 2L, 5L), workers.seen());
    workers.ackAll();
    await().until(() -> workers.waiting() == 2);
    assertEquals(List.of(0L, 1L, 2L, 5L, 3L, 4L), workers.seen());
  }

  @Test
  void onePartitionGoesOneByOne() {
    kafka.createTopic(topic, 2);
    kafka.produceIds(topic, 2, 0, 6);
    TestWorkers workers = new TestWorkers(1000);
    KafkaSource source = start(settings().ordering(Ordering.PARTITION).build(), workers);
    await().until(() -> source.stats().consumed() == 6);

    assertEquals(2, workers.seen().size());
    ackUntil(workers, 6);
    assertEquals(List.of(0L, 2L, 4L), workers.seen().stream().filter(id -> id % 2 == 0).toList());
    assertEquals(List.of(1L, 3L, 5L), workers.seen().stream().filter(id -> id % 2 == 1).toList());
  }

  @Test
  void commitsPastTransactionMarkersAndSkipsWhatWasRolledBack() {
    kafka.createTopic(topic, 1);
    kafka.produceInTransactions(topic, List.of("1", "2"), true);
    kafka.produceInTransactions(topic, List.of("3"), false);
    kafka.produceInTransactions(topic, List.of("4"), true);
    TestWorkers workers = new TestWorkers(1000);
    start(settings().build(), workers);
    ackUntil(workers, 3);

    // 4 records and 3 markers.
    await().untilAsserted(() -> assertEquals(Map.of(0, 7L), kafka.committed(topic)));
    assertEquals(List.of(1L, 2L, 4L), workers.seen());
  }

  @Test
  void followsAddedPartitionsAndATopicMadeAnew() {
    kafka.createTopic(topic, 1);
    kafka.produceIds(topic, 1, 0, 10);
    TestWorkers workers = new TestWorkers(1000);
    start(settings().properties(Map.of("metadata.max.age.ms", "500")).build(), workers);
    ackUntil(workers, 10);
    kafka.addPartitions(topic, 3);
    kafka.produceIds(topic, 3, 10, 40);
    ackUntil(workers, 40);
    await()
        .untilAsserted(() -> assertEquals(Map.of(0, 20L, 1, 10L, 2, 10L), kafka.committed(topic)));

    kafka.deleteTopic(topic);
    kafka.createTopic(topic, 3);
    // Fewer than before, so that whoever has not noticed finds that its place is not there.
    kafka.produceIds(topic, 3, 40, 55);
    ackUntil(workers, 55);
  }

  @Test
  void waitsForATopicThatIsMissing() {
    TestWorkers workers = new TestWorkers(1000);
    KafkaSource source =
        start(settings().properties(Map.of("metadata.max.age.ms", "500")).build(), workers);
    await()
        .untilAsserted(
            () ->
                assertEquals(
                    "kafka.topic=%s: no such topic at kafka.bootstrapServers=%s"
                        .formatted(topic, SharedBroker.broker().bootstrapServers()),
                    source.check().detail()));
    assertFalse(source.check().healthy());

    kafka.createTopic(topic, 1);
    kafka.produceIds(topic, 1, 0, 5);
    ackUntil(workers, 5);
    await().until(() -> source.check().healthy());
  }

  @Test
  void aMemberWithoutPartitionsIsWell() {
    kafka.createTopic(topic, 1);
    TestWorkers workers = new TestWorkers(1000);
    KafkaSource first = start(settings().build(), workers);
    await().until(() -> first.stats().assigned() == 1);
    KafkaSource second = start(settings().build(), workers);

    await().until(() -> second.check().healthy());
    await().until(() -> first.stats().assigned() + second.stats().assigned() == 1);
  }

  private static void ackUntil(TestWorkers workers, int total) {
    await()
        .pollInterval(Duration.ofMillis(5))
        .until(
            () -> {
              workers.ackAll();
              return workers.acked().size() == total;
            });
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
    Map<String, String> headers = new HashMap<>();
    record.headers().forEach(header -> headers.put(header.key(), text(header.value())));
    return headers;
  }

  private static Map<Integer, Long> ends(long offset) {
    return Map.of(0, offset, 1, offset, 2, offset);
  }

  private KafkaSettings.Builder settings() {
    return KafkaSettings.builder(SharedBroker.broker().bootstrapServers(), topic, topic)
        .commitInterval(Duration.ofMillis(100));
  }

  private KafkaSource start(KafkaSettings settings, TestWorkers workers) {
    DeadLetterTopic deadLetters = new DeadLetterTopic(settings);
    opened.add(deadLetters);
    deadLetters.start();
    KafkaSource source =
        new KafkaSource(
            settings, new TestDecoder(), new KafkaDeadLetters(deadLetters), Ticker.system());
    opened.add(source);
    source.start(workers.dispatcher());
    return source;
  }
}
