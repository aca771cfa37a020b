package org.osprey.coordinator.kafka;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Outage;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes records to one topic. A loop of its own hands them to the producer, whose sends block
 * while metadata is missing or its buffer is full. After a failure it rests, and then one record
 * alone finds out whether the topic takes something again, while the others wait. So an outage,
 * however many records come and come again, costs a try now and then. Safe for use by many threads.
 */
@ThreadSafe
final class TopicWriter implements Component, Supervised {
  private static final Logger log = LoggerFactory.getLogger(TopicWriter.class);
  private static final Duration LONGEST_WAIT = Duration.ofMillis(100);
  private static final Duration PROBE_LOOK = Duration.ofMillis(10);
  private static final Duration REST = Duration.ofSeconds(1);
  private static final Duration STUCK_AFTER = Duration.ofSeconds(60);
  private static final int BATCH = 500;

  private final Target target;
  private final ProducerSlot producers;
  private final Outage outage;
  private final SupervisedLoop loop;
  private final BlockingQueue<Writing> waiting;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch drained = new CountDownLatch(1);

  // These belong to the loop, and to the closing thread when that has ended.
  @SuppressWarnings("ThreadSafe")
  private final Queue<Writing> batch = new ArrayDeque<>();

  @SuppressWarnings("ThreadSafe")
  private boolean topicSeen;

  /** The one record that is out after a failure. */
  @SuppressWarnings("ThreadSafe")
  private @Nullable Writing probe;

  @SuppressWarnings("ThreadSafe")
  private boolean probing;

  private volatile boolean failing;

  /**
   * Where to write.
   *
   * @param component for people
   * @param places how many records may wait
   * @param closeTimeout the longest time a close takes
   */
  record Target(
      String component, String topic, Troubles troubles, int places, Duration closeTimeout) {}

  TopicWriter(Target target, Supplier<Producer<byte[], byte[]>> producers, Ticker ticker) {
    this.target = target;
    this.producers = new ProducerSlot(producers);
    outage = new Outage(target.component());
    waiting = new ArrayBlockingQueue<>(target.places());
    loop = new SupervisedLoop(target.component(), ticker, STUCK_AFTER, this::step);
  }

  @Override
  public void start() {
    loop.start();
  }

  /**
   * Never blocks. The stage fails with what the producer says, and with {@link
   * RejectedExecutionException} when there is no place.
   *
   * @param record made by the loop, so that one that waits costs little memory
   */
  CompletionStage<Void> write(Supplier<ProducerRecord<byte[], byte[]>> record) {
    Writing writing = new Writing(record);
    if (!waiting.offer(writing)) {
      writing.reject(target.places() + " records wait already: topic=" + target.topic());
    } else if (isClosing() && waiting.remove(writing)) {
      writing.reject("closing");
    }
    return writing.stored;
  }

  @Override
  public Check check() {
    String trouble = outage.trouble();
    if (trouble != null) {
      return Check.failed(target.component(), trouble);
    }
    return loop.check().healthy()
        ? Check.ok(target.component(), "topic=%s waiting=%d".formatted(target.topic(), waiting()))
        : Check.failed(target.component(), loop.check().detail());
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  /** How many records the producer does not have yet. */
  int waiting() {
    return waiting.size();
  }

  /** Writes what it can within its time; the stages of the rest fail. */
  @Override
  public void close() {
    Duration third = target.closeTimeout().dividedBy(3);
    closing.countDown();
    if (!failing && loop.sinceProgress().compareTo(REST) < 0) {
      awaitDrained(third);
    }
    boolean ended = loop.close(third);
    waiting.forEach(writing -> writing.reject("closing"));
    if (ended) {
      batch.forEach(writing -> writing.reject("closing"));
      producers.close(third);
    } else {
      log.warn("loop did not end in time: loop={}", loop.name());
    }
  }

  private void step() throws InterruptedException {
    if (probe != null && !probe.stored.isDone()) {
      LockSupport.parkNanos(this, PROBE_LOOK.toNanos());
      return;
    }
    probe = null;
    if (failing) {
      // Ends early when this is closed.
      boolean unused = closing.await(REST.toMillis(), TimeUnit.MILLISECONDS);
      failing = false;
      probing = true;
    }
    if (topicSeen || look()) {
      takeBatch();
      sendBatch();
    }
    if (isClosing() && batch.isEmpty() && waiting.isEmpty()) {
      drained.countDown();
    }
  }

  /** Finds out before the first record comes whether there is a topic to write to. */
  private boolean look() {
    Producer<byte[], byte[]> used = null;
    try {
      used = producers.get();
      used.partitionsFor(target.topic());
      topicSeen = true;
      outage.report(null);
    } catch (RuntimeException e) {
      failed(used, e);
    }
    return topicSeen;
  }

  private void takeBatch() throws InterruptedException {
    if (!batch.isEmpty()) {
      return;
    }
    Writing first = waiting.poll(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    if (first != null) {
      batch.add(first);
      waiting.drainTo(batch, BATCH - 1);
    }
  }

  private void sendBatch() {
    while (!batch.isEmpty() && !failing && probe == null) {
      Writing next = batch.remove();
      probe = probing ? next : null;
      probing = false;
      try {
        send(next);
      } catch (Error e) {
        // The loop goes on after it, so nobody may be left waiting.
        next.stored.completeExceptionally(e);
        throw e;
      }
    }
  }

  private void send(Writing writing) {
    ProducerRecord<byte[], byte[]> record;
    try {
      record = writing.record.get();
    } catch (RuntimeException e) {
      writing.stored.completeExceptionally(e);
      return;
    }
    send(writing, record);
  }

  private void send(Writing writing, ProducerRecord<byte[], byte[]> record) {
    Producer<byte[], byte[]> used = null;
    try {
      used = producers.get();
      Producer<byte[], byte[]> sender = used;
      Future<RecordMetadata> unused =
          used.send(record, (metadata, failure) -> ended(writing, sender, failure));
    } catch (RuntimeException e) {
      ended(writing, used, e);
    }
  }

  /** Runs on the producer's own thread as a rule. */
  private void ended(
      Writing writing, @Nullable Producer<byte[], byte[]> used, @Nullable Exception failure) {
    if (failure == null) {
      outage.report(null);
      writing.stored.complete(null);
      return;
    }
    if (!isAboutRecord(failure)) {
      failed(used, failure);
    }
    writing.stored.completeExceptionally(failure);
  }

  private void failed(@Nullable Producer<byte[], byte[]> used, Exception failure) {
    failing = true;
    if (used == null || producers.holds(used)) {
      outage.report(target.troubles().explain(failure));
      if (!(failure instanceof RetriableException)) {
        producers.giveUp(used);
      }
    }
  }

  /** The next record may well be taken. */
  private static boolean isAboutRecord(Exception failure) {
    return failure instanceof RecordTooLargeException
        || failure instanceof InvalidRecordException
        || failure instanceof InvalidTimestampException;
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  private void awaitDrained(Duration atMost) {
    try {
      boolean unused = drained.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One record on its way. */
  private static final class Writing {
    private final Supplier<ProducerRecord<byte[], byte[]>> record;
    private final CompletableFuture<Void> stored = new CompletableFuture<>();

    private Writing(Supplier<ProducerRecord<byte[], byte[]>> record) {
      this.record = record;
    }

    private void reject(String why) {
      stored.completeExceptionally(new RejectedExecutionException(why));
    }
  }
}
