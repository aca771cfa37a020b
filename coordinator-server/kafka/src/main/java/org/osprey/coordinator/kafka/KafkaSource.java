package org.osprey.coordinator.kafka;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.codec.MessageDecoder;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.InFlight;
import org.osprey.coordinator.core.Intake;
import org.osprey.coordinator.core.Outage;
import org.osprey.coordinator.core.Source;
import org.osprey.coordinator.core.SourceProgress;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Actions from a Kafka topic. One loop owns the consumer, replaces it when it fails for good, and
 * alone speaks to the broker; deliveries finish on any thread.
 */
public final class KafkaSource implements Source, Supervised {
  private static final Logger log = LoggerFactory.getLogger(KafkaSource.class);
  private static final Duration STUCK_AFTER = Duration.ofSeconds(60);
  private static final Duration FAILED_CLOSE_TIMEOUT = Duration.ofSeconds(5);

  /** A failure that an operator has to mend is tried again this often. */
  private static final Duration KNOWN_TROUBLE_REST = Duration.ofSeconds(5);

  private final KafkaSettings settings;
  private final MessageDecoder decoder;
  private final Consumers consumers;
  private final Ticker ticker;
  private final Troubles troubles;
  private final UndecodableRecords undecodables;
  private final InFlight inFlight;
  private final SourceCounts counts = new SourceCounts();
  private final String component;
  private final Outage outage;
  private final SupervisedLoop loop;
  private final CountDownLatch closing = new CountDownLatch(1);

  private @Nullable RecordFeed feed;
  private volatile @Nullable ConsumerSession session;
  private volatile boolean pauseWanted;

  /**
   * @param deadLetters for records that are no actions; closed by its owner, after this source
   */
  public KafkaSource(
      KafkaSettings settings, MessageDecoder decoder, DeadLetters deadLetters, Ticker ticker) {
    this(settings, decoder, deadLetters, Consumers.of(settings), ticker);
  }

  KafkaSource(
      KafkaSettings settings,
      MessageDecoder decoder,
      DeadLetters deadLetters,
      Consumers consumers,
      Ticker ticker) {
    this.settings = settings;
    this.decoder = decoder;
    this.consumers = consumers;
    this.ticker = ticker;
    component = settings.words() + " source";
    outage = new Outage(component);
    troubles = Troubles.ofSource(settings);
    undecodables = new UndecodableRecords(deadLetters, ticker);
    inFlight = new InFlight(settings.maxInFlight(), settings.maxInFlightBytes());
    loop = new SupervisedLoop(component.replace(' ', '-'), ticker, STUCK_AFTER, this::step);
  }

  @Override
  public void start(Intake intake) {
    feed =
        new RecordFeed(
            settings.ordering(), decoder, intake, inFlight, undecodables, counts, ticker);
    loop.start();
  }

  @Override
  public void setPaused(boolean paused) {
    pauseWanted = paused;
  }

  @Override
  public Check check() {
    String trouble = outage.trouble();
    if (trouble != null) {
      return Check.failed(component, trouble);
    }
    Check running = loop.check();
    if (!running.healthy()) {
      return Check.failed(component, running.detail());
    }
    ConsumerSession current = session;
    if (current == null || !current.isConnected()) {
      return Check.failed(
          component, "joining %s.groupId=%s".formatted(settings.section(), settings.groupId()));
    }
    String detail = detail(current);
    return current.failsToCommit()
        ? Check.failed(component, "commits fail " + detail)
        : Check.ok(component, detail);
  }

  /** From any thread. */
  public KafkaSourceStats stats() {
    ConsumerSession current = session;
    return new KafkaSourceStats(
        counts.consumed.get(),
        counts.undecodable.get(),
        counts.commits.get(),
        counts.commitFailures.get(),
        inFlight.actions(),
        inFlight.bytes(),
        current == null ? 0 : current.assigned().size(),
        current == null ? 0 : current.pausedPartitions(),
        current == null ? null : current.oldest());
  }

  @Override
  public SourceProgress progress() {
    ConsumerSession current = session;
    KafkaSourceStats.Oldest oldest = current == null ? null : current.oldest();
    return new SourceProgress(
        counts.consumed.get(),
        counts.undecodable.get(),
        0,
        counts.commitFailures.get(),
        inFlight.actions(),
        current == null ? null : current.lag(),
        oldest == null ? Duration.ZERO : oldest.age());
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  @Override
  public void close() {
    long end = System.nanoTime() + settings.closeTimeout().toNanos();
    closing.countDown();
    if (loop.close(settings.closeTimeout())) {
      // The loop has ended, so its session is ours.
      closeSession(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    } else {
      log.warn("loop did not end in time, the broker will notice: loop={}", loop.name());
    }
  }

  private void step() throws InterruptedException {
    try {
      ConsumerSession current = session == null ? open() : session;
      current.turn(pauseWanted);
      undecodables.retryDue();
      report(current);
    } catch (RuntimeException e) {
      closeSession(FAILED_CLOSE_TIMEOUT);
      recover(e);
    }
  }

  /** A new session that has not heard from the broker yet says nothing about an outage. */
  private void report(ConsumerSession current) {
    String trouble = current.trouble();
    if (trouble != null || current.isConnected()) {
      outage.report(trouble);
    }
  }

  private ConsumerSession open() {
    if (feed == null) {
      throw new IllegalStateException("not started");
    }
    Consumer<byte[], byte[]> consumer = consumers.create();
    Committer committer = new Committer(consumer, settings, inFlight, counts, ticker);
    ConsumerSession opened = new ConsumerSession(consumer, settings, feed, committer, ticker);
    session = opened;
    opened.subscribe();
    return opened;
  }

  private void closeSession(Duration atMost) {
    ConsumerSession current = session;
    session = null;
    if (current != null) {
      current.close(atMost);
    }
  }

  /** What an operator can mend is said once; anything else is the loop's to count and log. */
  private void recover(RuntimeException failure) throws InterruptedException {
    if (consumers.fallBack(failure)) {
      return;
    }
    String known = troubles.known(failure);
    if (known == null) {
      throw failure;
    }
    outage.report(known);
    closing.await(KNOWN_TROUBLE_REST.toMillis(), TimeUnit.MILLISECONDS);
  }

  private String detail(ConsumerSession current) {
    KafkaSourceStats.Oldest oldest = current.oldest();
    return "topic=%s assigned=%d paused=%d in_flight=%d oldest_unfinished=%s"
        .formatted(
            settings.topic(),
            current.assigned().size(),
            current.pausedPartitions(),
            inFlight.actions(),
            oldest == null ? "none" : oldest);
  }
}
