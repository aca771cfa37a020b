package org.osprey.coordinator.pubsub;

import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.codec.MessageDecoder;
import org.osprey.coordinator.core.Backoff;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.DeadLetters;
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
 * Actions from a Pub/Sub subscription. The library pulls and keeps the leases; one loop offers what
 * it brings, starts the pull anew when it fails for good, and stops it during a pause.
 */
public final class PubsubSource implements Source, Supervised {
  private static final Duration FIRST_REST = Duration.ofMillis(500);
  private static final Duration LONGEST_REST = Duration.ofSeconds(30);

  private static final Logger log = LoggerFactory.getLogger(PubsubSource.class);
  private static final String COMPONENT = "pubsub source";
  private static final Duration STUCK_AFTER = Duration.ofSeconds(60);

  private static final Duration RECONNECT_EVERY = Duration.ofSeconds(5);
  private static final int TROUBLING_ACK_FAILURES = 3;

  /** So many calls to the key service at a time. */
  private static final int OPENERS = 16;

  private final PubsubSettings settings;
  private final Ticker ticker;
  private final SourceCounts counts = new SourceCounts();
  private final Outage outage = new Outage(COMPONENT);
  private final Outage keyOutage;
  private final Credentials credentials;
  private final Troubles troubles;
  private final CallWatch watch;
  private final Returns returns;
  private final ExecutorService openers = openers();
  private final MessageReader reader;
  private final UndecodableMessages undecodables;
  private final HeldMessages messages;
  private final Pulls pulls;
  private final Backoff backoff;
  private final SupervisedLoop loop;

  private @Nullable MessageFeed feed;
  private long nextStart;
  private long nextReconnect;
  private volatile boolean pauseWanted;
  private volatile boolean resting;

  /**
   * @param deadLetters for messages that are no actions; closed by its owner, after this source
   */
  public PubsubSource(
      PubsubSettings settings, MessageDecoder decoder, DeadLetters deadLetters, Ticker ticker) {
    this(
        settings,
        decoder,
        deadLetters,
        Decryptions.of(settings, new Random(), ticker),
        new Random(),
        ticker);
  }

  PubsubSource(
      PubsubSettings settings,
      MessageDecoder decoder,
      DeadLetters deadLetters,
      Decryptions decryptions,
      RandomGenerator random,
      Ticker ticker) {
    this.settings = settings;
    this.ticker = ticker;
    keyOutage = decryptions.outage();
    credentials = new Credentials(settings.serviceAccountFile());
    troubles = new Troubles(settings, credentials);
    watch = new CallWatch(ticker);
    returns = new Returns(ticker);
    reader = new MessageReader(decoder, decryptions.decryption(), openers);
    undecodables = new UndecodableMessages(deadLetters, returns, ticker);
    messages = new HeldMessages(settings, reader::prepare, watch::breaks, counts, ticker);
    pulls = new Pulls(settings, credentials, watch, messages::receive);
    backoff = new Backoff(FIRST_REST, LONGEST_REST, random::nextDouble);
    loop = new SupervisedLoop("pubsub-source", ticker, STUCK_AFTER, this::step);
  }

  @Override
  public void start(Intake intake) {
    feed = new MessageFeed(settings, messages, reader, undecodables, returns, intake, counts);
    nextStart = ticker.nanos();
    nextReconnect = nextStart;
    loop.start();
  }

  @Override
  public void setPaused(boolean wanted) {
    pauseWanted = wanted;
  }

  @Override
  public Check check() {
    String trouble = outage.trouble() == null ? keyOutage.trouble() : outage.trouble();
    if (trouble != null) {
      return Check.failed(COMPONENT, trouble);
    }
    Check running = loop.check();
    if (!running.healthy()) {
      return Check.failed(COMPONENT, running.detail());
    }
    if (resting) {
      return Check.ok(COMPONENT, "paused " + detail());
    }
    if (!watch.isAccepted()) {
      return Check.failed(COMPONENT, "connecting " + detail());
    }
    return watch.ackFailuresInARow() < TROUBLING_ACK_FAILURES
        ? Check.ok(COMPONENT, detail())
        : Check.failed(COMPONENT, "acks fail " + detail());
  }

  /** From any thread. */
  public PubsubSourceStats stats() {
    return new PubsubSourceStats(
        counts.received.get(),
        counts.repeats.get(),
        counts.undecodable.get(),
        counts.returned.get(),
        watch.failedAckCalls(),
        messages.size(),
        messages.waiting(),
        messages.processing(),
        messages.finished());
  }

  /** The service does not say how much waits there. */
  @Override
  public SourceProgress progress() {
    PubsubSourceStats stats = stats();
    return new SourceProgress(
        stats.received() - stats.repeats(),
        stats.undecodable(),
        stats.repeats(),
        stats.failedAckCalls(),
        stats.held(),
        null,
        messages.oldest());
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  @Override
  public void close() {
    long end = System.nanoTime() + settings.closeTimeout().toNanos();
    boolean ended = loop.close(settings.closeTimeout());
    openers.shutdownNow();
    messages.close();
    if (ended) {
      // The loop has ended, so its pulls are ours.
      pulls.close(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    } else {
      log.warn("loop did not end in time, leases will run out: loop={}", loop.name());
    }
  }

  private void step() throws InterruptedException {
    if (feed == null) {
      throw new IllegalStateException("not started");
    }
    returns.nackDue();
    if (pauseWanted || feed.isDraining()) {
      pulls.stop();
      feed.giveBack();
      resting = true;
      return;
    }
    resting = false;
    keepPulling();
    feed.turn();
  }

  private void keepPulling() {
    Status end = pulls.abandonFailed();
    if (end != null) {
      failed(troubles.explain(end));
    }
    if (pulls.isRunning()) {
      report();
    } else if (ticker.nanos() - nextStart >= 0) {
      startPull();
    }
  }

  private void startPull() {
    try {
      pulls.start();
    } catch (IOException e) {
      failed(String.valueOf(e.getMessage()));
    }
  }

  private void failed(String trouble) {
    outage.report(trouble);
    nextStart = ticker.nanos() + backoff.next().toNanos();
  }

  private void report() {
    if (watch.isAccepted()) {
      outage.report(null);
      backoff.reset();
    } else if (watch.isDown(settings.channelTimeout())) {
      Status end = watch.stream().end();
      outage.report(end == null ? troubles.noStream() : troubles.explain(end));
      reconnectWhenDue();
    }
  }

  private void reconnectWhenDue() {
    if (ticker.nanos() - nextReconnect >= 0) {
      pulls.reconnectSoon();
      nextReconnect = ticker.nanos() + RECONNECT_EVERY.toNanos();
    }
  }

  private String detail() {
    return "subscription=%s in_flight=%d waiting=%d doubtful_acks=%d"
        .formatted(
            settings.subscription(),
            messages.processing(),
            messages.waiting(),
            messages.finished());
  }

  /** Their threads come with the first encrypted message. */
  private static ExecutorService openers() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            OPENERS,
            OPENERS,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            ThreadNames.of("pubsub-open"));
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }
}
