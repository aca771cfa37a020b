package org.osprey.coordinator.nats;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.support.Status;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.codec.MessageDecoder;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.IdGenerator;
import org.osprey.coordinator.core.Intake;
import org.osprey.coordinator.core.Source;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.nats.MessageFeed.Flow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Actions from a JetStream stream. One loop asks for messages and offers them; deliveries finish on
 * any thread and are answered there; a second loop keeps the server from delivering to others what
 * we hold.
 */
public final class NatsSource implements Source {
  static final String NAME = "nats";

  private static final Logger log = LoggerFactory.getLogger(NatsSource.class);
  private static final String COMPONENT = "nats source";
  private static final Duration STUCK_AFTER = Duration.ofSeconds(60);
  private static final Duration WAIT = Duration.ofMillis(100);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(3);
  private static final Duration SHORTEST_REST = Duration.ofSeconds(1);
  private static final Duration LONGEST_REST = Duration.ofSeconds(4);

  /** Acks of more messages are not lost at once. */
  private static final int REMEMBERED_PER_IN_FLIGHT = 4;

  private final NatsConnection connection;
  private final NatsSourceSettings settings;
  private final ActionReader reader;
  private final Ticker ticker;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Poison poison;
  private final InFlight inFlight;
  private final FinishedMessages finished;
  private final HeldMessages held;
  private final SourceCounts counts = new SourceCounts();
  private final DurableConsumer consumer;
  private final InProgress inProgress;
  private final NatsTroubles troubles;
  private final Outage outage = new Outage(COMPONENT);
  private final SupervisedLoop loop;
  private final CountDownLatch closing = new CountDownLatch(1);

  private volatile @Nullable MessageFeed feed;
  private volatile boolean pauseWanted;
  private volatile boolean pulling;
  private volatile long backlog;

  /** Belong to the loop. */
  private @Nullable PullSession session;

  private long lookedAt;
  private Duration rest = SHORTEST_REST;

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
    ticker = clocks.ticker();
    clock = clocks.clock();
    random = clocks.random();
    poison = new Poison(deadLetters, ticker);
    int maxInFlight = settings.limits().maxInFlight();
    inFlight = new InFlight(maxInFlight, settings.limits().maxInFlightBytes());
    finished = new FinishedMessages(REMEMBERED_PER_IN_FLIGHT * maxInFlight);
    held = new HeldMessages(inFlight, finished, new Answers(connection));
    consumer = new DurableConsumer(settings, held, finished);
    inProgress = new InProgress(connection, held, counts, settings.ackWait(), ticker);
    troubles = new NatsTroubles(connection, "nats.stream=" + settings.stream());
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
    feed =
        new MessageFeed(
            settings,
            reader,
            intake,
            held,
            finished,
            poison,
            counts,
            new Redelivery(random),
            clock);
    inProgress.start();
    loop.start();
  }

  @Override
  public void setPaused(boolean paused) {
    pauseWanted = paused;
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
            .formatted(settings.stream(), settings.durable(), inFlight.actions(), backlog));
  }

  /** From any thread. */
  public NatsSourceStats stats() {
    return new NatsSourceStats(
        counts.consumed.get(),
        counts.undecodable.get(),
        counts.redelivered.get(),
        counts.postponed.get(),
        counts.inProgressSent.get(),
        inFlight.actions(),
        inFlight.bytes(),
        pulling,
        backlog);
  }

  @Override
  public void close() {
    long end = System.nanoTime() + settings.closeTimeout().toNanos();
    closing.countDown();
    if (loop.close(settings.closeTimeout())) {
      // The loop has ended, so what belonged to it is ours.
      endSession();
    } else {
      log.warn("loop did not end in time: loop={}", loop.name());
    }
    inProgress.close();
    held.all().forEach(HeldMessage::giveBack);
    flush(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
  }

  private void step() throws InterruptedException {
    MessageFeed feeding = feed;
    Connection current = connection.current();
    if (feeding == null || current == null) {
      // The connection says by itself what is wrong with it.
      pulling = false;
      idle(WAIT);
      return;
    }
    if (pauseWanted) {
      endSession();
      feeding.giveBackWaiting();
      idle(WAIT);
      return;
    }
    try {
      turn(session(current), feeding);
      look(current);
      outage.report(null);
      rest = SHORTEST_REST;
    } catch (IOException | JetStreamApiException | TroubleException | IllegalStateException e) {
      recover(e);
    }
  }

  private void turn(PullSession session, MessageFeed feeding)
      throws InterruptedException, TroubleException {
    Flow flow = feeding.offer();
    if (flow == Flow.OPEN && !session.isOpen() && inFlight.hasMuchRoom()) {
      session.ask(inFlight);
    }
    pulling = session.isOpen();
    session.receive(flow == Flow.OPEN && pulling ? WAIT : Duration.ZERO, feeding::take);
    if (flow == Flow.OPEN) {
      flow = feeding.offer();
    }
    switch (flow) {
      case OPEN -> awaitRoomUnless(session.isOpen());
      case INTAKE_FULL -> feeding.awaitRoom();
      case DRAINING -> {
        endSession();
        feeding.giveBackWaiting();
        idle(WAIT);
      }
    }
    followUp(session);
  }

  private void awaitRoomUnless(boolean open) {
    if (!open) {
      inFlight.awaitRoom(WAIT);
    }
  }

  private void followUp(PullSession session) throws TroubleException, InterruptedException {
    if (session.isConsumerGone()) {
      endSession();
    }
    Status refusal = session.takeRefusal();
    if (refusal != null) {
      throw new TroubleException(
          "nats.durable=%s refuses: %s".formatted(settings.durable(), refusal.getMessage()));
    }
  }

  private PullSession session(Connection current)
      throws IOException, JetStreamApiException, TroubleException, InterruptedException {
    long epoch = connection.epoch();
    PullSession open = session;
    if (open != null && open.isOf(epoch)) {
      return open;
    }
    endSession();
    ConsumerInfo info = consumer.bind(current);
    ConsumerConfiguration found = info.getConsumerConfiguration();
    inProgress.setAckWait(found.getAckWait() == null ? settings.ackWait() : found.getAckWait());
    open = new PullSession(current, epoch, found, settings, ticker);
    session = open;
    return open;
  }

  /** Finds out where the consumer is, should it have to be made anew, and how much waits. */
  private void look(Connection current) throws IOException, JetStreamApiException {
    if (ticker.nanos() - lookedAt >= LOOK_EVERY.toNanos()) {
      backlog = consumer.look(current).getNumPending();
      lookedAt = ticker.nanos();
    }
  }

  private void recover(Exception failure) throws InterruptedException {
    endSession();
    if (connection.current() == null) {
      return;
    }
    JetStreamApiException error = NatsTroubles.apiError(failure);
    if (error != null && error.getApiErrorCode() == NatsTroubles.NO_CONSUMER) {
      return;
    }
    outage.report(troubles.explain(failure));
    idle(rest.plusMillis(random.nextLong(rest.toMillis() / 2)));
    rest = rest.multipliedBy(2).compareTo(LONGEST_REST) < 0 ? rest.multipliedBy(2) : LONGEST_REST;
  }

  private void endSession() {
    PullSession ended = session;
    MessageFeed feeding = feed;
    session = null;
    pulling = false;
    if (ended != null && feeding != null) {
      try {
        if (connection.current() != null && ended.isOf(connection.epoch())) {
          ended.finish(feeding::take);
        }
        ended.close(feeding::take);
      } catch (IllegalStateException e) {
        log.debug("session ended with its connection: cause=\"{}\"", e.toString());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void idle(Duration atMost) throws InterruptedException {
    boolean unused = closing.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
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
