package org.osprey.coordinator.nats;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;

/**
 * Tells the server again and again that the messages we hold are still worked on, so that it does
 * not deliver them to anyone else as long as this process lives. One loop for all of them. It also
 * sends answers that had to wait for a connection.
 */
final class InProgress implements AutoCloseable, Supervised {
  private static final Duration STUCK_AFTER = Duration.ofSeconds(60);
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  private final NatsConnection connection;
  private final HeldMessages held;
  private final SourceCounts counts;
  private final Ticker ticker;
  private final SupervisedLoop loop;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile Duration every;

  /** Belong to the loop. */
  private long lastRound;

  private long lastEpoch;

  InProgress(
      NatsConnection connection,
      HeldMessages held,
      SourceCounts counts,
      Duration ackWait,
      Ticker ticker) {
    this.connection = connection;
    this.held = held;
    this.counts = counts;
    this.ticker = ticker;
    every = ackWait.dividedBy(3);
    lastRound = ticker.nanos();
    loop = new SupervisedLoop("nats-in-progress", ticker, STUCK_AFTER, this::step);
  }

  void start() {
    loop.start();
  }

  /** What the consumer really has. */
  void setAckWait(Duration ackWait) {
    every = ackWait.dividedBy(3);
  }

  Check check() {
    return loop.check();
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  @Override
  public void close() {
    closing.countDown();
    loop.close();
  }

  private void step() throws InterruptedException {
    held.answers().sendOwed();
    long epoch = connection.epoch();
    if (epoch != lastEpoch || ticker.nanos() - lastRound >= every.toNanos()) {
      // After an interruption the server may be about to give up on us.
      lastEpoch = epoch;
      lastRound = ticker.nanos();
      tell();
    }
    boolean unused = closing.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void tell() {
    for (HeldMessage message : held.all()) {
      if (!held.answers().inProgress(message.replyTo())) {
        return;
      }
      counts.inProgressSent.incrementAndGet();
    }
  }
}
