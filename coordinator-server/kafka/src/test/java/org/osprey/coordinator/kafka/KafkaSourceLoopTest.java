package org.osprey.coordinator.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Lease;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.kafka.KafkaSettings.GroupProtocol;

/** The source against a consumer that fails when told to; with row R15 of the fault table. */
class KafkaSourceLoopTest {
  private static final TopicPartition P0 = new TopicPartition("actions", 0);
  private static final TopicPartition P1 = new TopicPartition("actions", 1);

  private final KafkaSettings settings =
      KafkaSettings.builder("host:9092", "actions", "group")
          .commitInterval(Duration.ofMillis(20))
          .closeTimeout(Duration.ofMinutes(1))
          .build();
  private final List<ScriptedConsumer> consumers = new CopyOnWriteArrayList<>();
  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final DeadLetterTopic deadLetters = new DeadLetterTopic(settings, () -> producer);
  private final KafkaSource source =
      new KafkaSource(
          settings,
          new TestDecoder(),
          new KafkaDeadLetters(deadLetters),
          new Consumers(GroupProtocol.CLASSIC, protocol -> consumer()),
          Ticker.system());
  private final TestWorkers workers = new TestWorkers(1000);

  @BeforeEach
  void startDeadLetters() {
    deadLetters.start();
  }

  @AfterEach
  void close() {
    source.close();
    deadLetters.close();
  }

  @Test
  void r15SurvivesEveryKindOfFailedCommit() {
    source.start(workers.dispatcher());
    ScriptedConsumer consumer = awaitConsumer(1);
    consumer.assign(P0);
    List<RuntimeException> failures =
        List.of(
            new RebalanceInProgressException(),
            new TimeoutException("slow"),
            new CommitFailedException("fenced"),
            new FencedInstanceIdException("fenced"),
            new IllegalStateException("injected"));
    failures.forEach(consumer::failCommit);
    failures.forEach(consumer::throwInCommit);
    consumer.add(P0, 0, 10);
    await().until(() -> workers.waiting() == 10);
    workers.ackAll();
    long acked = System.nanoTime();

    await().atMost(Duration.ofMinutes(1)).until(() -> consumer.committedOffset(P0) == 10);
    // The consumer has committed before it tells the source, which counts then.
    await().until(() -> source.stats().commits() == 1);
    System.out.printf(
        "R15 failed_commits=%d accepted=10 completed=10 lost=0 committed_after_ms=%d%n",
        source.stats().commitFailures(), (System.nanoTime() - acked) / 1_000_000);
    assertEquals(10, source.stats().commitFailures());
    await().until(() -> source.check().healthy());
    assertEquals(1, consumers.size());
  }

  @Test
  void neverCommitsOverAnUnfinishedRecord() {
    source.start(workers.dispatcher());
    ScriptedConsumer consumer = awaitConsumer(1);
    consumer.assign(P0);
    consumer.add(P0, 0, 10);
    await().until(() -> workers.waiting() == 10);
    List<Lease> leases = workers.takeLeased();
    leases.subList(4, 10).forEach(workers::ack);
    leases.subList(0, 3).forEach(workers::ack);

    await().until(() -> consumer.committedOffset(P0) == 3);
    KafkaSourceStats.Oldest oldest = requireNonNull(source.stats().oldest());
    assertEquals(0, oldest.partition());
    assertEquals(3, oldest.offset());
    assertTrue(source.check().detail().contains("oldest_unfinished=actions-0@3"));
    workers.ack(leases.get(3));
    await().until(() -> consumer.committedOffset(P0) == 10);
    await().until(() -> source.stats().oldest() == null);
  }

  @Test
  void whatFinishesAfterItsEpochCommitsNothing() {
    source.start(workers.dispatcher());
    ScriptedConsumer consumer = awaitConsumer(1);
    consumer.assign(P0, P1);
    consumer.add(P0, 0, 2);
    consumer.add(P1, 0, 2);
    await().until(() -> workers.waiting() == 4);
    List<Lease> leases = workers.takeLeased();

    consumer.assign(P1);
    await().until(() -> source.stats().assigned() == 1);
    leases.forEach(workers::ack);

    await().until(() -> consumer.committedOffset(P1) == 2);
    assertEquals(-1, consumer.committedOffset(P0));
    assertTrue(consumer.commitsFor(P0).isEmpty());
    assertEquals(0, source.stats().inFlight());
  }

  @Test
  void aNewEpochIsNotMovedByAnOldOne() {
    source.start(workers.dispatcher());
    ScriptedConsumer consumer = awaitConsumer(1);
    consumer.assign(P0);
    consumer.add(P0, 0, 2);
    await().until(() -> workers.waiting() == 2);
    List<Lease> old = workers.takeLeased();
    consumer.assign(P1);
    consumer.assign(P0);
    consumer.add(P0, 0, 2);
    await().until(() -> workers.waiting() == 2);

    old.forEach(workers::ack);
    workers.ack(workers.takeLeased().getFirst());
    await().until(() -> consumer.committedOffset(P0) == 1);
    assertFalse(consumer.commitsFor(P0).contains(2L));
  }

  @Test
  void commitsWhatIsFinishedWhenAPartitionIsRevoked() {
    source.start(workers.dispatcher());
    ScriptedConsumer consumer = awaitConsumer(1);
    consumer.assign(P0);
    consumer.add(P0, 0, 5);
    await().until(() -> workers.waiting() == 5);
    List<Lease> leases = workers.takeLeased();
    consumer.holdAsyncCommits();
    leases.subList(0, 3).forEach(workers::ack);

    consumer.assign(P1);
    await().until(() -> consumer.commitsFor(P0).contains(3L));
  }

  @Test
  void doesNotCommitWhatIsLost() {
    source.start(workers.dispatcher());
    ScriptedConsumer consumer = awaitConsumer(1);
    consumer.assign(P0);
    consumer.add(P0, 0, 5);
    await().until(() -> workers.waiting() == 5);
    consumer.holdAsyncCommits();
    workers.ackAll();

    consumer.lose(P0);
    await().until(() -> source.stats().assigned() == 0);
    assertTrue(consumer.commitsFor(P0).stream().allMatch(offset -> offset < 0));
  }

  @Test
  void aConsumerThatFailsIsReplaced() {
    source.start(workers.dispatcher());
    ScriptedConsumer first = awaitConsumer(1);
    first.assign(P0);
    first.setPollException(new KafkaException("gone for good"));

    ScriptedConsumer second = awaitConsumer(2);
    assertTrue(first.closed());
    second.assign(P0);
    second.add(P0, 0, 3);
    await().until(() -> workers.waiting() == 3);
    await().until(() -> source.check().healthy());
  }

  @Test
  void saysWhichSettingIsWrong() {
    source.start(workers.dispatcher());
    awaitConsumer(1).setPollException(new TopicAuthorizationException(Set.of("actions")));

    await().until(() -> source.check().detail().equals("kafka.topic=actions: not authorized"));
    assertFalse(source.check().healthy());
  }

  @Test
  void aFailingDeadLetterIsTriedAgainAndOthersFlow() {
    source.start(workers.dispatcher());
    ScriptedConsumer consumer = awaitConsumer(1);
    consumer.assign(P0);
    consumer.addValue(P0, 0, "poison");
    consumer.addValue(P0, 1, "1");
    await().until(() -> workers.waiting() == 1);
    workers.ackAll();
    await().until(() -> producer.errorNext(new TimeoutException("slow")));

    await().until(() -> producer.history().size() == 2);
    assertEquals(-1, consumer.committedOffset(P0));
    assertTrue(producer.completeNext());
    await().until(() -> consumer.committedOffset(P0) == 2);
    assertEquals(1, source.stats().undecodable());
  }

  @Test
  void aBugInTheDecoderBecomesADeadLetter() {
    source.start(workers.dispatcher());
    ScriptedConsumer consumer = awaitConsumer(1);
    consumer.assign(P0);
    consumer.addValue(P0, 0, TestDecoder.BUG);

    await().until(producer::completeNext);
    await().until(() -> consumer.committedOffset(P0) == 1);
    assertEquals(
        "decoder failed: IllegalStateException",
        new String(
            producer.history().getFirst().headers().lastHeader(Letter.DETAIL).value(), UTF_8));
  }

  @Test
  void pausesForGoodWhenTheCoordinatorDrains() {
    workers.dispatcher().drain();
    source.start(workers.dispatcher());
    ScriptedConsumer consumer = awaitConsumer(1);
    consumer.assign(P0);
    consumer.add(P0, 0, 3);

    await().until(() -> source.stats().paused() == 1);
    assertTrue(workers.seen().isEmpty());
    source.close();
    assertTrue(consumer.commitsFor(P0).isEmpty());
    assertTrue(consumer.closed());
  }

  @Test
  void commitsAtTheEnd() {
    source.start(workers.dispatcher());
    ScriptedConsumer consumer = awaitConsumer(1);
    consumer.assign(P0);
    consumer.add(P0, 0, 3);
    await().until(() -> workers.waiting() == 3);
    consumer.holdAsyncCommits();
    workers.ackAll();
    source.close();
    source.close();

    assertEquals(List.of(3L), consumer.commitsFor(P0).stream().distinct().toList());
    assertTrue(consumer.closed());
  }

  @Test
  void closesWithoutEverHavingStarted() {
    source.close();

    assertTrue(consumers.isEmpty());
    assertFalse(source.check().healthy());
  }

  private ScriptedConsumer consumer() {
    ScriptedConsumer consumer = new ScriptedConsumer(Map.of(P0, 0L, P1, 0L));
    consumers.add(consumer);
    return consumer;
  }

  private ScriptedConsumer awaitConsumer(int count) {
    await().until(() -> consumers.size() == count);
    ScriptedConsumer consumer = consumers.get(count - 1);
    await().until(() -> !consumer.subscription().isEmpty());
    return consumer;
  }

  static List<ConsumerRecord<byte[], byte[]>> records(TopicPartition id, int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(offset -> record(id, offset, Integer.toString(id.partition() * 1000 + offset)))
        .toList();
  }

  static ConsumerRecord<byte[], byte[]> record(TopicPartition id, long offset, String value) {
    return new ConsumerRecord<>(
        id.topic(), id.partition(), offset, new byte[0], value.getBytes(UTF_8));
  }
}
