package org.osprey.coordinator.nats;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.support.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.InFlight;
import org.osprey.coordinator.core.Outage;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.nats.MessageFeed.Flow;

/**
 * What the source's loop does: it opens a session wherever there is a connection, asks for messages
 * as long as there is room, and has them offered.
 */
final class PullLoop {
  private static final Duration WAIT = Duration.ofMillis(100);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(3);
  private static final Duration SHORTEST_REST = Duration.ofSeconds(1);
  private static final Duration LONGEST_REST = Duration.ofSeconds(4);

  private final NatsConnection connection;
  private final NatsSourceSettings settings;
  private final MessageFeed feed;
  private final InFlight inFlight;
  private final DurableConsumer consumer;
  private final InProgress inProgress;
  private final Outage outage;
  private final NatsTroubles troubles;
  private final Ticker ticker;
  private final RandomGenerator random;
  private final CountDownLatch closing = new CountDownLatch(1);

  private volatile boolean pauseWanted;
  private volatile boolean pulling;
  private volatile long backlog;

  /** Belong to the loop. */
  private @Nullable PullSession session;

  private long lookedAt;
  private Duration rest = SHORTEST_REST;

  PullLoop(
      NatsConnection connection,
      NatsSourceSettings settings,
      Room room,
      DurableConsumer consumer,
      InProgress inProgress,
      Outage outage,
      NatsSource.Clocks clocks) {
    this.connection = connection;
    this.settings = settings;
    feed = room.feed;
    inFlight = room.inFlight;
    this.consumer = consumer;
    this.inProgress = inProgress;
    this.outage = outage;
    troubles = new NatsTroubles(connection, "nats.stream=" + settings.stream());
    ticker = clocks.ticker();
    random = clocks.random();
  }

  /** Where messages go, and how much of it there is. */
  record Room(MessageFeed feed, InFlight inFlight) {}

  /** From any thread. */
  void setPaused(boolean paused) {
    pauseWanted = paused;
  }

  /** Ends waits; from any thread. */
  void wakeUpToClose() {
    closing.countDown();
  }

  /** Whether more messages are asked for. From any thread. */
  boolean isPulling() {
    return pulling;
  }

  /** Messages that wait at the server, as it said last. From any thread. */
  long backlog() {
    return backlog;
  }

  void step() throws InterruptedException {
    Connection current = connection.current();
    if (current == null) {
      // The connection says by itself what is wrong with it.
      pulling = false;
      idle(WAIT);
      return;
    }
    if (pauseWanted) {
      finishSession();
      feed.giveBackWaiting();
      idle(WAIT);
      return;
    }
    try {
      turn(session(current));
      look(current);
      outage.report(null);
      rest = SHORTEST_REST;
    } catch (IOException | JetStreamApiException | TroubleException | IllegalStateException e) {
      recover(e);
    }
  }

  private void turn(PullSession session) throws InterruptedException, TroubleException {
    Flow flow = feed.offer();
    if (session.hasLapsed()) {
      lookedAt = ticker.nanos() - LOOK_EVERY.toNanos();
    }
    if (flow == Flow.OPEN && !session.isOpen() && inFlight.hasMuchRoom()) {
      session.ask(inFlight);
    }
    pulling = session.isOpen();
    session.receive(flow == Flow.OPEN && pulling ? WAIT : Duration.ZERO, feed::take);
    if (flow == Flow.OPEN) {
      flow = feed.offer();
    }
    switch (flow) {
      case OPEN -> awaitRoomUnless(session.isOpen());
      case INTAKE_FULL -> feed.awaitRoom();
      case DRAINING -> {
        finishSession();
        feed.giveBackWaiting();
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

  /**
   * In good order: what is still on its way to us is taken, so that it can be sent back. For the
   * loop, and for whoever closes after that has ended.
   */
  void finishSession() throws InterruptedException {
    PullSession ending = session;
    if (ending != null && connection.current() != null) {
      ending.finish(feed::take);
    }
    endSession();
  }

  private void endSession() throws InterruptedException {
    PullSession ended = session;
    session = null;
    pulling = false;
    if (ended != null) {
      ended.close(feed::take);
    }
  }

  private void idle(Duration atMost) throws InterruptedException {
    boolean unused = closing.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }
}
