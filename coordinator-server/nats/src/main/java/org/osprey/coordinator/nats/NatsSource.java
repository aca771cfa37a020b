package org.osprey.coordinator.nats;

import io.nats.client.Connection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.codec.MessageDecoder;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.IdGenerator;
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
 * Actions from a JetStream stream. One loop asks for messages and offers them; deliveries finish on
 * any thread and are answered there; a second loop keeps the server from delivering to others what
 * we hold.
 */
public final class NatsSource implements Source, Supervised {
  static final String NAME = "nats";

  private static final Logger log = LoggerFactory.getLogger(NatsSource.class);
  private static final String COMPONENT = "nats source";
  private static final Duration STUCK_AFTER = Duration.ofSeconds(60);

  /** Acks of more messages are not lost at once. */
  private static final int REMEMBERED_PER_IN_FLIGHT = 4;

  private final NatsConnection connection;
  private final NatsSourceSettings settings;
  private final ActionReader reader;
  private final Clocks clocks;
  private final Poison poison;
  private final InFlight inFlight;
  private final HeldMessages held;
  private final SourceCounts counts = new SourceCounts();
  private final DurableConsumer consumer;
  private final InProgress inProgress;
  private final Outage outage = new Outage(COMPONENT);
  private final SupervisedLoop loop;

  private volatile @Nullable PullLoop pulls;
  private volatile boolean pauseWanted;

  /**
   * @param connection closed by its owner, after this source
   * @param ids for bare JSON without an id
   * @param deadLetters for messages that are no actions
   */
  public NatsSource(
      NatsConnection connection,
      NatsSourceSettings settings,
      MessageDecoder decoder,
      IdGenerator ids,
      DeadLetters deadLetters,
      Clocks clocks) {
    this.connection = connection;
    this.settings = settings;
    reader = new ActionReader(decoder, ids, new SubjectNames(settings.actionNames()));
    this.clocks = clocks;
    Ticker ticker = clocks.ticker();
    poison = new Poison(deadLetters, ticker);
    int maxInFlight = settings.limits().maxInFlight();
    inFlight = new InFlight(maxInFlight, settings.limits().maxInFlightBytes());
    FinishedMessages finished = new FinishedMessages(REMEMBERED_PER_IN_FLIGHT * maxInFlight);
    held =
        new HeldMessages(
            inFlight, finished, new Answers(connection), new Redelivery(clocks.random()), ticker);
    consumer = new DurableConsumer(settings, held, finished);
    inProgress = new InProgress(connection, held, counts, settings.ackWait(), ticker);
    loop = new SupervisedLoop("nats-source", ticker, STUCK_AFTER, this::step);
  }

  /**
   * Time and chance.
   *
   * @param random for the jitter of waits; used by many threads, as {@link java.util.Random} can be
   */
  public record Clocks(Ticker ticker, InstantSource clock, RandomGenerator random) {}

  @Override
  public void start(Intake intake) {
    MessageFeed feed = new MessageFeed(settings, reader, intake, held, poison, counts, clocks);
    PullLoop started =
        new PullLoop(
            connection,
            settings,
            new PullLoop.Room(feed, inFlight),
            consumer,
            inProgress,
            outage,
            clocks);
    started.setPaused(pauseWanted);
    pulls = started;
    inProgress.start();
    loop.start();
  }

  @Override
  public void setPaused(boolean paused) {
    pauseWanted = paused;
    PullLoop started = pulls;
    if (started != null) {
      started.setPaused(paused);
    }
  }

  @Override
  public Check check() {
    if (connection.current() == null) {
      return Check.failed(COMPONENT, connection.check().detail());
    }
    String trouble = outage.trouble();
    if (trouble != null) {
      return Check.failed(COMPONENT, trouble);
    }
    for (Check running : new Check[] {loop.check(), inProgress.check()}) {
      if (!running.healthy()) {
        return Check.failed(COMPONENT, running.component() + ": " + running.detail());
      }
    }
    return Check.ok(
        COMPONENT,
        "stream=%s consumer=%s in_flight=%d backlog=%d"
            .formatted(
                settings.stream(), settings.durable(), inFlight.actions(), stats().backlog()));
  }

  /** From any thread. */
  public NatsSourceStats stats() {
    PullLoop started = pulls;
    return new NatsSourceStats(
        counts.consumed.get(),
        counts.undecodable.get(),
        counts.redelivered.get(),
        counts.postponed.get(),
        counts.inProgressSent.get(),
        inFlight.actions(),
        inFlight.bytes(),
        started != null && started.isPulling(),
        started == null ? 0 : started.backlog());
  }

  @Override
  public SourceProgress progress() {
    NatsSourceStats stats = stats();
    return new SourceProgress(
        stats.consumed(),
        stats.undecodable(),
        stats.redelivered(),
        0,
        stats.inFlight(),
        connection.current() == null ? null : stats.backlog() + stats.inFlight(),
        held.oldest());
  }

  @Override
  public List<SupervisedLoop> loops() {
    List<SupervisedLoop> loops = new ArrayList<>(inProgress.loops());
    loops.add(loop);
    return loops;
  }

  @Override
  public void close() {
    long end = System.nanoTime() + settings.closeTimeout().toNanos();
    PullLoop started = pulls;
    if (started != null) {
      started.wakeUpToClose();
    }
    if (loop.close(settings.closeTimeout())) {
      finish(started);
    } else {
      log.warn("loop did not end in time: loop={}", loop.name());
    }
    inProgress.close();
    held.all().forEach(HeldMessage::giveBack);
    flush(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
  }

  private void step() throws InterruptedException {
    PullLoop started = pulls;
    if (started != null) {
      started.step();
    }
  }

  private static void finish(@Nullable PullLoop started) {
    try {
      if (started != null) {
        started.finishSession();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void flush(Duration atMost) {
    Connection current = connection.current();
    if (current == null) {
      return;
    }
    try {
      current.flush(atMost);
    } catch (TimeoutException | IllegalStateException e) {
      log.warn("answers may be lost, messages come again: cause=\"{}\"", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
