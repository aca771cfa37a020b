package org.osprey.coordinator.collectors.nats;

import io.nats.client.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collectors.flow.Channel;
import org.osprey.coordinator.collectors.nats.Confirmations.Mark;
import org.osprey.coordinator.core.Signal;

/**
 * One worker's way to NATS. Its methods belong to the worker's thread, but for those that say
 * otherwise: they only tell it that there is something to look at.
 */
final class NatsChannel implements Channel {
  /** Events that are sent and not settled. */
  private static final int WINDOW = 4096;

  /** Of bodies that are not settled; the client holds them twice. */
  private static final long MOST_BYTES = 8 << 20;

  private final Window window = new Window(WINDOW);
  private final Answers answers = new Answers(WINDOW);
  private final Confirmations confirmations;
  private final Sending sending;
  private final Runnable wake;
  private final Consumer<NatsChannel> closed;
  private final Signal signal = new Signal();
  private final AtomicBoolean toLookAt = new AtomicBoolean();

  private volatile int unsettled;

  /**
   * @param closed told when it is closed
   */
  NatsChannel(
      SendingParts parts, Runnable wakeConfirmer, Runnable wake, Consumer<NatsChannel> closed) {
    this.wake = wake;
    this.closed = closed;
    confirmations = new Confirmations(wakeConfirmer);
    sending = new Sending(parts, window, answers, confirmations, this::changed);
  }

  @Override
  public int room() {
    return sending.isReady() && !window.hasUnsent() && window.bytes() < MOST_BYTES
        ? window.free()
        : 0;
  }

  @Override
  public void send(List<Outgoing> events) {
    events.forEach(window::add);
    unsettled = window.size();
    sending.advance();
  }

  @Override
  public void settle(Settlements settlements, Duration atMost) throws InterruptedException {
    if (look(settlements) == 0 && !atMost.isZero()) {
      signal.await(atMost);
      look(settlements);
    }
  }

  @Override
  public int unsettled() {
    return window.size();
  }

  @Override
  public List<Outgoing> abandon(Settlements settlements) {
    sending.giveUp();
    List<Outgoing> left = window.empty(settlements);
    unsettled = 0;
    return left;
  }

  @Override
  public void close() {
    sending.close();
    closed.accept(this);
  }

  /** Any thread: how many events are on their way, a moment ago. */
  int inFlight() {
    return unsettled;
  }

  /** Any thread: what keeps events from being published, or null. */
  @Nullable String trouble() {
    return sending.trouble();
  }

  /** Any thread: time has passed, or the connection is another one. */
  void look() {
    changed();
  }

  /** The confirmer: what is to be confirmed over a connection, or null. */
  @Nullable Mark open(Connection connection) {
    return confirmations.open(connection);
  }

  /** The confirmer. */
  void confirm(Mark read, Set<String> refused) {
    confirmations.confirm(read, refused);
    changed();
  }

  private int look(Settlements settlements) {
    toLookAt.set(false);
    sending.advance();
    int settled = window.settle(settlements);
    unsettled = window.size();
    return settled;
  }

  /** Wakes the worker once until it has looked. */
  private void changed() {
    if (!toLookAt.getAndSet(true)) {
      signal.wake();
      wake.run();
    }
  }
}
