package org.osprey.coordinator.kafka;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Ticker;

class TopicWriterTest {
  private static final int PLACES = 600;
  private static final Duration LONG = Duration.ofMinutes(1);

  private final ConcurrentLinkedDeque<MockProducer<byte[], byte[]>> producers =
      new ConcurrentLinkedDeque<>();
  private final CountDownLatch unblocked = new CountDownLatch(1);
  private final TopicWriter writer = writer(Duration.ofSeconds(3));

  @AfterEach
  void close() {
    unblocked.countDown();
    writer.close();
  }

  @Test
  void completesWhenTheTopicHasTheRecord() {
    start();
    CompletableFuture<Void> stored = write();
    awaitSent(1);
    assertFalse(stored.isDone());
    assertTrue(producers.getLast().completeNext());

    await().until(stored::isDone);
    assertFalse(stored.isCompletedExceptionally());
    assertTrue(writer.check().healthy(), writer.check()::toString);
  }

  @Test
  void afterAPassingFailureTheProducerIsKept() {
    start();
    CompletableFuture<Void> stored = write();
    awaitSent(1);
    assertTrue(producers.getLast().errorNext(new NotLeaderOrFollowerException("moved")));
    assertInstanceOf(NotLeaderOrFollowerException.class, failure(stored));
    assertFalse(writer.check().healthy());
    assertTrue(writer.check().detail().contains("kafka.resultsTopic=results"));

    CompletableFuture<Void> again = write();
    awaitSent(2);
    assertTrue(producers.getLast().completeNext());
    await().until(again::isDone);
    assertEquals(1, producers.size());
    assertTrue(writer.check().healthy());
  }

  @Test
  void afterAFatalFailureANewProducerIsMade() {
    start();
    CompletableFuture<Void> stored = write();
    awaitSent(1);
    assertTrue(producers.getLast().errorNext(new InvalidProducerEpochException("fenced")));
    assertInstanceOf(InvalidProducerEpochException.class, failure(stored));

    CompletableFuture<Void> again = write();
    await().until(() -> producers.size() == 2);
    assertTrue(producers.getFirst().closed());
    await().until(() -> producers.getLast().completeNext());
    await().until(again::isDone);
  }

  @Test
  void aRecordThatIsTooLargeHoldsNobodyUp() {
    start();
    CompletableFuture<Void> tooLarge = write();
    awaitSent(1);
    assertTrue(producers.getLast().errorNext(new RecordTooLargeException("too large")));
    assertInstanceOf(RecordTooLargeException.class, failure(tooLarge));
    assertTrue(writer.check().healthy());

    assertNobodyIsHeldUp(1);
    assertEquals(1, producers.size());
  }

  @Test
  void aRecordThatCannotBeMadeHoldsNobodyUp() {
    start();
    CompletableFuture<Void> broken =
        writer
            .write(
                () -> {
                  throw new IllegalStateException("a bug");
                })
            .toCompletableFuture();
    assertInstanceOf(IllegalStateException.class, failure(broken));

    assertNobodyIsHeldUp(0);
    assertTrue(writer.check().healthy());
  }

  @Test
  void evenAnErrorLeavesNobodyWaiting() {
    start();
    CompletableFuture<Void> broken =
        writer
            .write(
                () -> {
                  throw new OutOfMemoryError("injected");
                })
            .toCompletableFuture();
    assertInstanceOf(OutOfMemoryError.class, failure(broken));

    CompletableFuture<Void> next = write();
    await().until(() -> producers.getLast().completeNext());
    await().until(next::isDone);
  }

  @Test
  void whileTheTopicTakesNothingTheTriesAreFew() {
    unblocked.countDown();
    MockProducer<byte[], byte[]> refusing = mock();
    refusing.sendException = new TopicAuthorizationException("results");
    producers.add(refusing);
    TopicWriter tried = writer(LONG, () -> refusing);
    long began = System.nanoTime();
    tried.start();
    List<CompletableFuture<Void>> stored = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      stored.add(tried.write(TopicWriterTest::record).toCompletableFuture());
    }

    await().until(() -> stored.getFirst().isCompletedExceptionally());
    long tries = stored.stream().filter(CompletableFuture::isDone).count();
    // One each second.
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
    assertTrue(tries <= 1 + seconds, () -> tries + " tries in s: " + seconds);
    assertEquals("kafka.resultsTopic=results: not authorized", tried.check().detail());
    tried.close();
    await().until(() -> stored.stream().allMatch(CompletableFuture::isCompletedExceptionally));
  }

  @Test
  void afterAFailureOneRecordTriesForAll() {
    start();
    CompletableFuture<Void> first = write();
    awaitSent(1);
    assertTrue(producers.getLast().errorNext(new NotLeaderOrFollowerException("moved")));
    assertInstanceOf(NotLeaderOrFollowerException.class, failure(first));
    List<CompletableFuture<Void>> others = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      others.add(write());
    }

    awaitSent(2);
    await().during(Duration.ofMillis(200)).until(() -> producers.getLast().history().size() == 2);
    assertTrue(producers.getLast().completeNext());
    awaitSent(101);
    while (producers.getLast().completeNext()) {}
    await().until(() -> others.stream().allMatch(CompletableFuture::isDone));
    assertTrue(writer.check().healthy(), writer.check()::toString);
  }

  @Test
  void failsAtOnceWhenThereIsNoPlace() {
    writer.start();
    List<CompletableFuture<Void>> stored = new ArrayList<>();
    for (int i = 0; i < PLACES; i++) {
      stored.add(write());
    }
    assertInstanceOf(RejectedExecutionException.class, failure(write()));

    unblocked.countDown();
    await()
        .until(
            () -> {
              while (!producers.isEmpty() && producers.getLast().completeNext()) {}
              return stored.stream().allMatch(CompletableFuture::isDone);
            });
    assertTrue(stored.stream().noneMatch(CompletableFuture::isCompletedExceptionally));
    assertEquals(0, writer.waiting());
  }

  @Test
  void closingWritesWhatWaits() {
    start();
    producers.clear();
    MockProducer<byte[], byte[]> quick =
        new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    TopicWriter closing = writer(LONG, () -> quick);
    closing.start();
    List<CompletableFuture<Void>> stored = new ArrayList<>();
    for (int i = 0; i < PLACES; i++) {
      stored.add(closing.write(TopicWriterTest::record).toCompletableFuture());
    }
    closing.close();

    assertTrue(stored.stream().allMatch(CompletableFuture::isDone));
    assertTrue(stored.stream().noneMatch(CompletableFuture::isCompletedExceptionally));
    assertTrue(quick.closed());
  }

  @Test
  void closingFailsWhatCannotBeWritten() {
    TopicWriter closing = writer(Duration.ofMillis(30));
    closing.start();
    CompletableFuture<Void> stored = closing.write(TopicWriterTest::record).toCompletableFuture();
    closing.close();

    assertInstanceOf(RejectedExecutionException.class, failure(stored));
    CompletableFuture<Void> late = closing.write(TopicWriterTest::record).toCompletableFuture();
    assertInstanceOf(RejectedExecutionException.class, failure(late));
  }

  private void start() {
    unblocked.countDown();
    writer.start();
  }

  private CompletableFuture<Void> write() {
    return writer.write(TopicWriterTest::record).toCompletableFuture();
  }

  /**
   * After a failure one record would try for all, and none would be sent beside it.
   *
   * @param before how many were sent
   */
  private void assertNobodyIsHeldUp(int before) {
    CompletableFuture<Void> next = write();
    CompletableFuture<Void> other = write();
    awaitSent(before + 2);
    assertTrue(producers.getLast().completeNext());
    assertTrue(producers.getLast().completeNext());
    await().until(() -> next.isDone() && other.isDone());
  }

  private static ProducerRecord<byte[], byte[]> record() {
    return new ProducerRecord<>("results", new byte[1]);
  }

  private static Throwable failure(CompletableFuture<Void> stored) {
    return requireNonNull(
        assertThrows(ExecutionException.class, () -> stored.get(60, TimeUnit.SECONDS)).getCause());
  }

  private TopicWriter writer(Duration closeTimeout) {
    return writer(closeTimeout, this::producer);
  }

  private static TopicWriter writer(
      Duration closeTimeout, java.util.function.Supplier<Producer<byte[], byte[]>> producers) {
    KafkaResultSettings settings =
        new KafkaResultSettings("host:9092", "results", true, closeTimeout, Map.of());
    TopicWriter.Target target =
        new TopicWriter.Target(
            "kafka results", "results", Troubles.ofResults(settings), PLACES, closeTimeout);
    return new TopicWriter(target, producers, Ticker.system());
  }

  private Producer<byte[], byte[]> producer() {
    try {
      unblocked.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    MockProducer<byte[], byte[]> producer = mock();
    producers.add(producer);
    return producer;
  }

  private static MockProducer<byte[], byte[]> mock() {
    return new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private void awaitSent(int records) {
    await().until(() -> !producers.isEmpty() && producers.getLast().history().size() == records);
  }
}
