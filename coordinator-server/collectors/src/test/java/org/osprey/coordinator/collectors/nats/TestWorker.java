package org.osprey.coordinator.collectors.nats;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.osprey.coordinator.collector.Severity;
import org.osprey.coordinator.collectors.flow.Channel;
import org.osprey.coordinator.collectors.flow.Channel.Loss;
import org.osprey.coordinator.collectors.flow.Channel.Outgoing;
import org.osprey.coordinator.collectors.flow.Encoded;
import org.osprey.coordinator.collectors.flow.Publisher;
import org.osprey.coordinator.core.Signal;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;

/** A worker with one channel: sends what it is given, and remembers how each event ended. */
final class TestWorker implements AutoCloseable, Channel.Settlements {
  private static final int BATCH = 64;

  private final Signal signal = new Signal();
  private final Channel channel;
  private final LinkedBlockingQueue<Outgoing> given = new LinkedBlockingQueue<>();
  private final Deque<Outgoing> waiting = new ArrayDeque<>();
  private final List<String> published = Collections.synchronizedList(new ArrayList<>());
  private final List<String> lost = Collections.synchronizedList(new ArrayList<>());
  private final List<Loss> reasons = Collections.synchronizedList(new ArrayList<>());
  private final SupervisedLoop loop =
      new SupervisedLoop("worker", Ticker.system(), Duration.ofMinutes(1), this::step);

  TestWorker(Publisher publisher) {
    channel = publisher.open(signal::wake);
    loop.start();
  }

  /** Its body is its id. */
  static Outgoing event(String collector, long seq, String subject) {
    return event(collector, seq, subject, Encoded.id(collector, 1, seq).getBytes(UTF_8));
  }

  static Outgoing event(String collector, long seq, String subject, byte[] body) {
    return new Outgoing(
        new Encoded(collector, 1, seq, "test", Severity.INFO, body, 0, () -> {}), subject);
  }

  void give(Outgoing event) {
    given.add(event);
    signal.wake();
  }

  /** Events of one collector, by rising seq. */
  void give(String collector, long from, long to, String subject) {
    for (long seq = from; seq < to; seq++) {
      give(event(collector, seq, subject));
    }
  }

  /** The ids of those that were published, in order. */
  List<String> published() {
    return List.copyOf(published);
  }

  /** The ids of those that were lost, in order. */
  List<String> lost() {
    return List.copyOf(lost);
  }

  List<Loss> reasons() {
    return List.copyOf(reasons);
  }

  int settled() {
    return published.size() + lost.size();
  }

  /** Ends it, and hands back what its channel did not get through. */
  List<Outgoing> abandon() {
    loop.close();
    return channel.abandon(this);
  }

  @Override
  public void published(Outgoing event) {
    published.add(event.event().id());
  }

  @Override
  public void lost(Outgoing event, Loss reason) {
    reasons.add(reason);
    lost.add(event.event().id());
  }

  @Override
  public void close() {
    loop.close();
    channel.close();
  }

  private void step() throws InterruptedException {
    given.drainTo(waiting);
    List<Outgoing> batch = new ArrayList<>();
    int room = Math.min(BATCH, channel.room());
    while (batch.size() < room && !waiting.isEmpty()) {
      batch.add(waiting.remove());
    }
    if (!batch.isEmpty()) {
      channel.send(batch);
    }
    channel.settle(this, Duration.ZERO);
    if (batch.isEmpty()) {
      signal.await(Duration.ofSeconds(1));
    }
  }
}
